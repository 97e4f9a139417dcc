/** What is asked for, and in whose name. */
import { USERS } from './database.mjs';

export const PREFIX = '/api/v1';
const PASSWORD = 'Analytical-Engine-1843';

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
