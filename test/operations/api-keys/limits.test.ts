/** What programs with keys are counted for. */
import { checked, createKey, KEYS, partsOf } from '../../api-keys/keys.js';
import { apiKey } from '../../api-keys/api-keys.facts.js';
import request from 'supertest';
import { type Api, PASSWORD, refused, startApi, type User } from '../../support/api.js';
import { atOnce, attempt, BEHIND_PROXY, freshAddress, inTurn } from '../../support/attempts.js';
import { askFrom, expectLimited, left, statuses } from '../../support/limits.js';
import { holdLocks } from '../../support/locks.js';
import { expectProblem } from '../../support/raw.js';

const [LIMIT, STRICT, FACTOR, MOST] = [20, 8, 5, 4];

let api: Api;
beforeAll(async () => {
  api = await startApi({
    DEFAULT_RATE_LIMIT_LIMIT: String(LIMIT),
    AUTH_RATE_LIMIT_LIMIT: String(STRICT),
    API_KEYS_MAX_PER_OWNER: String(MOST),
    ...BEHIND_PROXY,
  });
});
afterAll(() => api.stop());

const me = (token: string, from = freshAddress()) => askFrom(api.program.url, { path: '/users/me', token, from });

let counter = 0;
/** Registers and signs in without using up what a test counts. */
async function member(): Promise<User> {
  const username = `member${++counter}`;
  const body = { name: 'Some Member', username, email: `${username}@example.com`, password: PASSWORD };
  const { url } = api.program;
  const created = await askFrom(url, { path: '/users', method: 'POST', body, from: freshAddress() });
  const { text } = await attempt(url, { username, password: PASSWORD });
  const { access_token: token } = JSON.parse(text) as { access_token: string };
  const agent = request.agent(url).auth(token, { type: 'bearer' });
  return { id: JSON.parse(created.text).id, username, email: body.email, token, agent };
}

test('each key has a limit of its own, apart from its owner', async () => {
  const owner = await member();
  const [one, two] = [await createKey(owner), await createKey(owner)];
  await inTurn(LIMIT, () => me(one.key));
  expectLimited(await me(one.key), String(LIMIT));
  expect(left(await me(two.key))).toEqual([String(LIMIT), String(LIMIT - 1)]);
  expect((await me(owner.token)).status).toBe(200);
});

test('all keys of a user have five times the limit together, however many they are', async () => {
  const owner = await member();
  let all = 0;
  for (let made = 0; made <= FACTOR; made++) {
    const { id, key } = await createKey(owner);
    const answers = await atOnce(LIMIT, () => me(key));
    all += statuses(answers).filter((status) => status === 200).length;
    await owner.agent.delete(`${KEYS}/${id}`).expect(204);
  }
  expect(all).toBe(LIMIT * FACTOR);
  expect((await me(owner.token)).status).toBe(200);
});

test('where a limit is strict, a key counts as its owner', async () => {
  const owner = await member();
  const { key } = await createKey(owner);
  const strict = { path: '/auth/sessions', from: freshAddress() };
  const answers = await inTurn(STRICT, () => askFrom(api.program.url, { ...strict, token: key }));
  expect(new Set(statuses(answers))).toEqual(new Set([403]));
  expectLimited(await askFrom(api.program.url, { ...strict, token: owner.token }), String(STRICT));
});

test('guesses of one address are bounded, and those beyond that cost the database nothing', async () => {
  const [prefix, , secret] = partsOf((await createKey(await member())).key);
  let id = 1_000_000;
  const guess = () => checked(`${prefix}_${++id}_${secret}`);
  const from = freshAddress();
  const answers = await atOnce(LIMIT, () => me(guess(), from));
  expect(new Set(statuses(answers))).toEqual(new Set([401]));
  const release = await holdLocks(api.database, 'LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE');
  try {
    for (const answer of await atOnce(LIMIT, () => me(guess(), from))) expectProblem(answer, 429, 'too_many_requests');
  } finally {
    await release();
  }
  expect((await me(guess())).status).toBe(401);
});

test('a key that is known goes on where others are guessed', async () => {
  const { key } = await createKey(await member());
  const from = freshAddress();
  expect((await me(key, from)).status).toBe(200);
  await atOnce(2 * LIMIT, (index) => me(checked(`x_${index + 2_000_000}_${partsOf(key)[2]}`), from));
  expect((await me(key, from)).status).toBe(200);
});

test('of keys that are created at once no more are there than one user may have', async () => {
  const { agent, id } = await member();
  const create = () => agent.post(KEYS).send(apiKey);
  const answers = await atOnce(STRICT - 2, create);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(MOST);
  await refused(create(), 409, 'too_many_api_keys');
  // One that has expired is none of them.
  await api.database.query(
    `UPDATE api_key SET expires_at = now() - interval '1 s' WHERE id = (SELECT max(id) FROM api_key WHERE created_by_user_id = $1)`,
    [id],
  );
  await create().expect(201);
});

test('of keys that are over, only as many are kept', async () => {
  const owner = await member();
  await api.database.query(
    `INSERT INTO api_key (name, secret_hash, created_by_user_id, is_deleted, deleted_at, expires_at)
     SELECT 'Old', 'none', $1, n % 2 = 0, CASE WHEN n % 2 = 0 THEN now() END, CASE WHEN n % 2 = 1 THEN now() END
     FROM generate_series(1, 20) n`,
    [owner.id],
  );
  const { id } = await createKey(owner);
  const rows = await api.database.query('SELECT id FROM api_key WHERE created_by_user_id = $1', [owner.id]);
  expect(rows.map((row) => Number((row as { id: string }).id)).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: MOST + 1 }, (_, index) => id - MOST + index),
  );
});
