/** What happens when every connection to the database is taken. */
import { type Api, PREFIX, startApi, type User } from '../../support/api.js';
import { holdLocks, waitingForLocks } from '../../support/locks.js';
import { until } from '../../support/program.js';
import { expectProblem, type Received, send } from '../../support/raw.js';

const POOL_SIZE = 2;
// The time-out of 5 s, and what a busy machine adds.
const ACQUIRE_MILLISECONDS = 8_000;
const RECOVERY_MILLISECONDS = 1_000;

let api: Api;
let user: User;
let cached: string;
beforeAll(async () => {
  api = await startApi({ POSTGRES_POOL_SIZE: String(POOL_SIZE) });
  user = await api.signUp();
  cached = `/users/${user.username}`;
  await until(isCached);
  expect((await timed('/users/me', user.token)).answer.status).toBe(200);
});
afterAll(() => api.stop());

interface Timed {
  answer: Received;
  milliseconds: number;
}

async function timed(path: string, token?: string): Promise<Timed> {
  const start = Date.now();
  const answer = await send(api.program.url, { path: PREFIX + path, token });
  return { answer, milliseconds: Date.now() - start };
}

/** Whether a change behind the back of the API goes unnoticed. */
async function isCached(): Promise<boolean> {
  const name = `Name ${Date.now()}`;
  await api.database.query('UPDATE "user" SET name = $1', [name]);
  return !(await timed(cached)).answer.text.includes(name);
}

test('reads that need the database are refused in time, others answered, and all is well when it is free', async () => {
  const release = await holdLocks(api.database, 'LOCK TABLE "user" IN ACCESS EXCLUSIVE MODE');
  const first = Array.from({ length: POOL_SIZE }, (_, index) => timed(`/users/nobody${index}`));
  await until(async () => (await waitingForLocks(api.database)) === POOL_SIZE);
  const refused = Promise.all(
    ['/users', '/users?page=2', '/users/nobody', '/users?search=ada'].map((path) => timed(path)),
  );

  expect((await timed(cached)).answer.status).toBe(200);
  expect((await timed('/users/me', user.token)).answer.status).toBe(200);
  expectProblem((await timed('/nothing')).answer, 404, 'not_found');
  expectProblem((await timed('/users/me')).answer, 401, 'not_signed_in');

  for (const { answer, milliseconds } of await refused) {
    expectProblem(answer, 503, 'database_unavailable');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(ACQUIRE_MILLISECONDS);
  }

  await release();
  const { answer, milliseconds } = await timed('/users');
  expect({ status: answer.status, isInTime: milliseconds < RECOVERY_MILLISECONDS }).toEqual({
    status: 200,
    isInTime: true,
  });
  for (const one of await Promise.all(first)) expect(one.answer.status).toBe(404);
});
