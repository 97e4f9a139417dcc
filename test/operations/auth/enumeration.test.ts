import { type Api, leave, PASSWORD, PREFIX, startApi } from '../../support/api.js';
import { attempt, BEHIND_PROXY, freshAddress, WRONG } from '../../support/attempts.js';

const TIMES = 300;
const TRIES = 5;
const TOLERANCE = 0.05;
const KINDS = ['known', 'unknown', 'deleted', 'passwordless'] as const;

let api: Api;
beforeAll(async () => {
  // With cheap hashes, so that they don't drown everything else that takes time.
  api = await startApi({ BCRYPT_COST: '5', ...BEHIND_PROXY });
});
afterAll(() => api.stop());

test('a wrong password, an unknown user, a deleted one and one without a password can’t be told apart', async () => {
  const ada = await api.signUp({ username: 'ada', email: 'Ada.Lovelace@Example.com' });
  const gone = await api.signUp();
  await leave(gone).expect(204);
  const passwordless = await api.signUp();
  await api.database.query('UPDATE "user" SET hashed_password = NULL WHERE id = $1', [passwordless.id]);
  const attempts = [
    { username: 'ada' },
    { username: ada.email },
    { username: 'nobody', password: PASSWORD },
    { username: 'nobody@example.com', password: PASSWORD },
    { username: gone.username, password: PASSWORD },
    { username: gone.email, password: PASSWORD },
    { username: gone.username },
    { username: passwordless.username, password: PASSWORD },
    { username: passwordless.email, password: PASSWORD },
  ];
  const answers: object[] = [];
  for (const who of attempts) {
    const { status, headers, text } = await attempt(api.program.url, who);
    const { 'x-request-id': id, date: _date, ...others } = headers;
    answers.push({ status, headers: others, text: text.replace(id as string, '') });
  }
  expect(answers).toEqual(attempts.map(() => answers[0]));
  const challenge = expect.stringMatching(/^Bearer/);
  expect(answers[0]).toMatchObject({ status: 401, headers: { 'www-authenticate': challenge } });
});

/** Adds users whom a test can go through without ever meeting a lock-out. */
async function invite(): Promise<void> {
  await api.signUp();
  await api.database.query(
    `INSERT INTO "user" (name, username, email, hashed_password, is_deleted)
     SELECT 'Somebody', kind || n, kind || n || '@example.com',
       CASE WHEN kind <> 'passwordless' THEN hashed_password END, kind = 'deleted'
     FROM (SELECT hashed_password FROM "user" LIMIT 1) AS one, generate_series(1, $1) AS n,
       unnest(ARRAY['known', 'deleted', 'passwordless']) AS kind`,
    [TIMES],
  );
}

/** Milliseconds until somebody who fails to sign in learns it. */
async function timeOf(username: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': freshAddress() };
  const body = JSON.stringify({ username, password: WRONG });
  const begun = performance.now();
  const answer = await fetch(`${api.program.url}${PREFIX}/auth/login`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  const milliseconds = performance.now() - begun;
  expect(answer.status).toBe(401);
  return milliseconds;
}

/** Fails to sign in as users of all kinds in turn, and adds how long each took to the times of its kind. */
async function measure(times: number[][]): Promise<void> {
  for (let n = 1; n <= TIMES; n++) {
    for (const step of KINDS.keys()) {
      const index = (step + n) % KINDS.length;
      times[index]!.push(await timeOf(`${KINDS[index]}${n}`));
    }
  }
}

/**
 * How much longer the slowest kind takes than the fastest. The load of a machine only ever adds to a time, so the quick
 * fifth of each kind is told from the others least disturbed.
 */
function differenceOf(times: number[][]): number {
  const quick = times.map((all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 5)]!);
  return Math.max(...quick) / Math.min(...quick) - 1;
}

test('nor by the time that their answers take', async () => {
  await invite();
  for (let n = 1; n <= 20; n++) for (const kind of KINDS) await timeOf(`${kind}${n}`);
  // What is a chance of one measurement gets lost in more of them; what is no chance stays.
  const times = KINDS.map((): number[] => []);
  for (let count = 0; count < TRIES && (count === 0 || differenceOf(times) >= TOLERANCE); count++) await measure(times);
  expect(differenceOf(times)).toBeLessThan(TOLERANCE);
});
