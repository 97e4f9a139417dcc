import type { PostRead as Post } from '../../src/posts/posts.dto.js';
import { type Api, PREFIX, type User } from '../support/api.js';

export type { Post };

/** Writes a post in the name of the user; what is not given is made up. */
export async function writePost(user: User, fields: Partial<Post> = {}): Promise<Post> {
  const post = { title: 'A title', text: 'Some text', ...fields };
  const { body } = await user.agent.post(`${PREFIX}/users/${user.username}/posts`).send(post).expect(201);
  return body;
}

/** Writes so many posts, every seventh of them deleted. */
export async function fillPosts({ database }: Api, { id }: User, count: number, text: string): Promise<void> {
  await database.query(
    `INSERT INTO post (title, text, created_by_user_id, is_deleted)
     SELECT 'Title ' || n, $3 || n, $1, n % 7 = 0 FROM generate_series(1, $2::int) n`,
    [id, count, text],
  );
}
