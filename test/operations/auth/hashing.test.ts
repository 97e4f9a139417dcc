import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PASSWORD, PREFIX, startApi } from '../../support/api.js';
import { atOnce, attempt, BEHIND_PROXY, freshAddress } from '../../support/attempts.js';
import { expectOnceBelow, start } from '../../support/program.js';

let api: Api;
beforeAll(async () => {
  api = await startApi(BEHIND_PROXY);
});
afterAll(() => api.stop());

test('signing in renews a hash of another cost, and the password stays the same', async () => {
  const user = await api.signUp();
  const hash = async () => {
    const rows = await api.database.query<{ hashed_password: string }>(
      'SELECT hashed_password FROM "user" WHERE id = $1',
      [user.id],
    );
    return rows[0]!.hashed_password;
  };
  const login = (url: string) =>
    fetch(`${url}${PREFIX}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: user.username, password: PASSWORD }),
    });
  expect(await hash()).toMatch(/^\$2b\$04\$/);
  const costlier = await start('main', { ...api.env, BCRYPT_COST: '5' });
  expect((await login(costlier.url)).status).toBe(200);
  expect(await hash()).toMatch(/^\$2b\$05\$/);
  expect((await login(costlier.url)).status).toBe(200);
  await costlier.stop();
});

/** Milliseconds that answers took, sorted, to requests sent every 20 ms, answered or not, until `isOver`. */
async function readSteadily(url: string, isOver: () => boolean): Promise<number[]> {
  const reads: Promise<number>[] = [];
  for (; !isOver(); await sleep(20)) {
    const begun = performance.now();
    const read = fetch(url).then(async (answer) => {
      await answer.arrayBuffer();
      expect(answer.status).toBe(200);
      return performance.now() - begun;
    });
    reads.push(read);
  }
  return (await Promise.all(reads)).toSorted((a, b) => a - b);
}

const quantile = (sorted: number[], share: number) => sorted[Math.ceil(sorted.length * share) - 1]!;

// Reads that wait for hashes wait for many seconds; `bench/storm.mjs` tells what they really wait.
const PATIENCE_MILLISECONDS = 1_000;

/** Lets 100 people sign in at once; gives how long others wait meanwhile, in milliseconds. */
async function storm(url: string): Promise<number> {
  const state = { isOver: false };
  const logins = atOnce(100, () => attempt(url, { username: `nobody at ${freshAddress()}` }));
  void logins.finally(() => (state.isOver = true));
  const isOver = () => state.isOver;
  // The one waits for nothing but the event loop, the other for the database as well.
  const [pages, lists] = await Promise.all(
    ['/redoc', `${PREFIX}/users`].map((path) => readSteadily(url + path, isOver)),
  );
  const answers = await logins;
  expect([...new Set(answers.map(({ status }) => status))].toSorted()).toEqual([401, 503]);
  for (const { headers } of answers.filter(({ status }) => status === 503)) {
    expect(headers['retry-after']).toMatch(/^\d+$/);
  }
  return Math.max(quantile(pages!, 0.99), quantile(lists!, 0.9));
}

test('a storm of sign-ins keeps nobody else waiting: some are served, the rest is told to come again', async () => {
  const slow = await start('main', { ...api.env, BCRYPT_COST: '12' });
  try {
    await attempt(slow.url, { username: 'nobody' });
    for (const path of ['/redoc', `${PREFIX}/users`]) await fetch(slow.url + path);
    await expectOnceBelow(PATIENCE_MILLISECONDS, () => storm(slow.url));
  } finally {
    await slow.stop();
  }
});
