/** What is asked for, and in whose name. */
import { USERS } from './database.mjs';

export const PREFIX = '/api/v1';
const PATHS = 1000;
const PASSWORD = 'Analytical-Engine-1843';

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

export function profilePaths() {
  return Array.from({ length: USERS }, (_, index) => `${PREFIX}/users/user${index + 1}`);
}

/** Asks until the answer comes from the cache, and gives it. */
export async function warm(url) {
  let answer;
  for (let times = 0; times < 5; times++) {
    answer = await fetch(url);
    await new Promise((done) => setTimeout(done, 100));
    if (times < 4) await answer.text();
  }
  return { body: await answer.text(), etag: answer.headers.get('etag') };
}

/** An access token of a new user. */
export async function signIn(url) {
  const send = (path, body) =>
    fetch(url + PREFIX + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await send('/users', { name: 'Bench', username: 'bench', email: 'bench@example.com', password: PASSWORD });
  return (await (await send('/auth/login', { username: 'bench', password: PASSWORD })).json()).access_token;
}
