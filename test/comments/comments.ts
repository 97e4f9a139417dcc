/** People who comment, and what readers see of it. */
import type { CommentRead, CommentThread } from '../../src/comments/comments.dto.js';
import { type Post, writePost } from '../posts/posts.js';
import { type Api, PREFIX, type User } from '../support/api.js';

export type { CommentRead, CommentThread };
export type Place = Pick<Post, 'id'>;

export const commentsOf = ({ id }: Place) => `${PREFIX}/posts/${id}/comments`;
export const pathOf = ({ post_id, id }: Pick<CommentRead, 'post_id' | 'id'>) =>
  `${PREFIX}/posts/${post_id}/comments/${id}`;

export async function say(user: User, post: Place, parent?: CommentRead, text = 'A text'): Promise<CommentRead> {
  const sent = user.agent.post(commentsOf(post)).send({ text, parent_id: parent?.id });
  return (await sent.expect(201)).body as CommentRead;
}

/** The comments on a post, or the replies to one of them. */
export async function listOf({ http }: Api, post: Place, parent_id?: number): Promise<CommentThread[]> {
  const { body } = await http.get(commentsOf(post)).query({ parent_id }).expect(200);
  expect(body.total_count).toBe(body.data.length);
  return body.data as CommentThread[];
}

export async function countOf({ http }: Api, { id }: Place): Promise<number> {
  return (await http.get(`${PREFIX}/posts/${id}`).expect(200)).body.comment_count as number;
}

/** What the rows say: the visible ones, and of each comment the replies that are listed. */
export async function truthOf({ database }: Api, { id }: Place): Promise<{ count: number; wrong: object[] }> {
  const [{ count }] = (await database.query<{ count: number }>(
    `SELECT count(*)::int FROM comment c JOIN "user" u ON u.id = c.created_by_user_id
     WHERE c.post_id = $1 AND NOT (c.is_deleted OR c.is_hidden OR u.is_deleted)`,
    [id],
  )) as [{ count: number }];
  const wrong = await database.query<object>(
    `SELECT id, reply_count FROM comment c WHERE post_id = $1 AND reply_count <>
       (SELECT count(*) FROM comment r WHERE r.parent_id = c.id AND r.is_listed)`,
    [id],
  );
  return { count, wrong };
}

export type People = Record<'author' | 'ada' | 'bob' | 'eve', User>;

export async function newPeople(api: Api): Promise<People> {
  return { author: await api.signUp(), ada: await api.signUp(), bob: await api.signUp(), eve: await api.signUp() };
}

/** A post by the author, and a thread of three on it by the others; by new people, if their accounts are to go. */
export async function newThread(api: Api, people?: People) {
  const { author, ada, bob, eve } = people ?? (await newPeople(api));
  const post = await writePost(author);
  const first = await say(ada, post);
  const reply = await say(bob, post, first);
  const last = await say(eve, post, reply);
  return { author, ada, bob, eve, post, first, reply, last };
}
