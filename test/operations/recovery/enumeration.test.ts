import { type Api, PREFIX, startApi } from '../../support/api.js';
import { freshAddress } from '../../support/attempts.js';
import { SHARED_SETTINGS } from '../../support/program.js';

const TIMES = 1_000;
const TRIES = 4;
const TOLERANCE = 0.05;
const KINDS = ['known', 'unknown'] as const;

let api: Api;
beforeAll(async () => {
  api = await startApi(SHARED_SETTINGS);
});
afterAll(() => api.stop());

const INVITE = `INSERT INTO "user" (name, username, email, hashed_password, email_verified_at)
  SELECT 'Somebody', 'known' || n, 'known' || n || '@example.com', '', now() FROM generate_series(1, $1) AS n`;

/** Milliseconds until somebody who has forgotten a password is answered. */
async function timeOf(email: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': freshAddress() };
  const body = JSON.stringify({ email });
  const begun = performance.now();
  const answer = await fetch(`${api.program.url}${PREFIX}/auth/password/forgot`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  const milliseconds = performance.now() - begun;
  expect(answer.status).toBe(202);
  return milliseconds;
}

/** Asks for addresses of both kinds, in turn and in both orders. */
async function measure(times: number[][]): Promise<void> {
  for (let n = 1; n <= TIMES; n++) {
    for (const step of KINDS.keys()) {
      const index = (step + n) % KINDS.length;
      times[index]!.push(await timeOf(`${KINDS[index]}${n}@example.com`));
    }
  }
}

/** How much longer the median of one kind is than that of the other. */
function differenceOf(times: number[][]): number {
  const medians = times.map((all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!);
  return Math.max(...medians) / Math.min(...medians) - 1;
}

test('a known and an unknown address are answered in the same time', async () => {
  await api.database.query(INVITE, [TIMES]);
  for (let n = 1; n <= 50; n++) for (const kind of KINDS) await timeOf(`${kind}${n}@example.com`);
  // What is a chance of one measurement gets lost in more of them; what is no chance stays.
  const times = KINDS.map((): number[] => []);
  for (let count = 0; count < TRIES && (count === 0 || differenceOf(times) >= TOLERANCE); count++) await measure(times);
  expect(differenceOf(times)).toBeLessThan(TOLERANCE);
}, 120_000);
