/** Posts to measure with, and the paths that lead to them. */
import { query, USERS } from '../database.mjs';
import { PREFIX } from '../requests.mjs';

const PATHS = 1000;

/** Adds posts until there are so many. */
export async function fillTo(url, posts) {
  await query(
    url,
    `INSERT INTO post (title, text, created_by_user_id)
     SELECT 'Post ' || n, repeat('text ', 20), 1 + (n - 1) % ${USERS}
     FROM generate_series((SELECT count(*) FROM post) + 1, ${Number(posts)}) n`,
  );
  await query(url, 'VACUUM ANALYZE');
}

/** A thousand posts of all users. */
export function postPaths(posts) {
  return Array.from({ length: PATHS }, (_, index) => {
    const post = 1 + ((index * 7919) % posts);
    return `${PREFIX}/users/user${1 + ((post - 1) % USERS)}/posts/${post}`;
  });
}

/** The first pages of the posts of all users: rows that a page skips cost the same, whoever reads them. */
export function listPaths() {
  return Array.from({ length: 5 }, (_, index) => `${PREFIX}/posts?page=${index + 1}`);
}

/** The first page of posts by their titles. */
export const SORTED = `${PREFIX}/posts?sort=title&after=`;

const TAG_BYTES = 4;

/** A page in the middle of them, as `fillTo` has written them: its cursor has the list, the id and the title of a post. */
export async function pathInTheMiddle(url, posts) {
  const { next } = await (await fetch(url + SORTED)).json();
  const id = Buffer.alloc(8);
  id.writeBigUInt64BE(BigInt(posts / 2));
  const list = Buffer.from(next, 'base64url').subarray(0, TAG_BYTES);
  return SORTED + Buffer.concat([list, id, Buffer.from(`=Post ${posts / 2}`)]).toString('base64url');
}
