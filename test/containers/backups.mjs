/** A backup that is brought back, by the lines of docs/deploying.md as they stand there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './stack.mjs';
import { PREFIX, signIn } from './use.mjs';

const DOCS = readFileSync(join(import.meta.dirname, '../../docs/deploying.md'), 'utf8');
const [BACKUP, RESTORE] = linesBelow('## Backup and restore');
const PASSWORD = 'Analytical-Engine-1843';
// The first goes past the cache, as the API does not hear of changes yet.
const READS = 10;

export async function backups(stack) {
  const ben = await signUp(stack, 'ben');
  await stack.compose('stop', 'worker');
  const { id } = await ben('POST', '/tasks', 202, { name: 'sample', payload: { message: 'hello', seconds: 0 } });
  await stack.type(BACKUP);
  await stack.compose('start', 'worker');
  await completes(ben, id);
  const eve = await signUp(stack, 'eve');
  await eve('GET', '/users/eve', 200);

  await stack.type(RESTORE);
  await stack.ready();
  // With the ids of Eve's account and session.
  const bob = await signUp(stack, 'bob');
  await eve('GET', '/users/me', 401);
  for (let read = 0; read < READS; read++) await bob('GET', '/users/eve', 404);
  await completes(await signIn(stack, { username: 'ben', password: PASSWORD }), id);
}

function linesBelow(heading) {
  const [section] = DOCS.split(`\n${heading}\n`)[1].split(/^## /m);
  return [...section.matchAll(/^```sh\n(.+?)^```$/gms)].map(([, lines]) => lines);
}

async function signUp(stack, username) {
  const body = { name: 'Someone', username, email: `${username}@example.com`, password: PASSWORD };
  await stack.ask('POST', `${PREFIX}/users`, { body }, 201);
  return signIn(stack, { username, password: PASSWORD });
}

async function completes(caller, id) {
  await until(async () => (await caller('GET', `/tasks/${id}`, 200)).status === 'completed', 20_000);
}
