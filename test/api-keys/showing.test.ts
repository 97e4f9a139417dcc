/** How a key is shown, and what is no key. */
import { type Api, leave, PREFIX, useApi, type User } from '../support/api.js';
import { expectProblem, type Received, send, type Sent } from '../support/raw.js';
import { checked, createKey, type Key, KEYS, partsOf } from './keys.js';

const ME = `${PREFIX}/users/me`;

let api: Api;
let ada: User;
let key: string;
beforeAll(async () => {
  api = await useApi();
  ada = await api.signUp();
  ({ key } = await createKey(ada));
});
afterAll(() => api.stop());

const ask = (sent: Partial<Sent>): Promise<Received> => send(api.program.url, { path: ME, ...sent });
const otherwise = (letter = '0') => (letter === '0' ? '1' : '0');

test.each([
  ['a bearer token', () => ({ authorization: `Bearer ${key}` })],
  ['a bearer token in lower case', () => ({ authorization: `bearer ${key}` })],
  ['X-API-Key', () => ({ 'x-api-key': key })],
])('a key counts as %s', async (_, headers) => {
  const { status, text } = await ask({ headers: headers() });
  expect([status, JSON.parse(text).username]).toEqual([200, ada.username]);
});

test('a key of a former name of the application counts', async () => {
  const [, id, secret] = partsOf(key);
  expect((await ask({ token: checked(`former_${id}_${secret}`) })).status).toBe(200);
});

const WAYS: [string, () => Partial<Sent>][] = [
  ['in the query', () => ({ path: `${ME}?api_key=${key}&key=${key}&access_token=${key}&X-API-Key=${key}` })],
  ['in a cookie', () => ({ headers: { cookie: `X-API-Key=${key}; api_key=${key}` } })],
  ['in both headers', () => ({ headers: { authorization: `Bearer ${key}`, 'x-api-key': key } })],
  ['beside an access token', () => ({ headers: { authorization: `Bearer ${ada.token}`, 'x-api-key': key } })],
  ['beside an empty Authorization', () => ({ headers: { authorization: '', 'x-api-key': key } })],
  ['in X-API-Key twice', () => ({ headers: { 'x-api-key': [key, key] } })],
  ['in Authorization twice', () => ({ headers: { Authorization: [`Bearer ${key}`, `Bearer ${key}`] } })],
  ['as Basic', () => ({ headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` } })],
  ['as a bearer token in X-API-Key', () => ({ headers: { 'x-api-key': `Bearer ${key}` } })],
];

test.each(WAYS)('a key %s does not count', async (_, sent) => {
  expectProblem(await ask(sent()), 401, 'not_signed_in');
});

test('an access token in X-API-Key does not count', async () => {
  expectProblem(await ask({ headers: { 'x-api-key': ada.token } }), 401, 'not_signed_in');
});

const alter = (change: (parts: ReturnType<typeof partsOf>) => string[]) => checked(change(partsOf(key)).join('_'));

async function over(end: (made: Key, owner: User) => Promise<unknown>): Promise<string> {
  const owner = await api.signUp();
  const made = await createKey(owner);
  await end(made, owner);
  return made.key;
}

const WRONG: [string, () => string | Promise<string>][] = [
  ['with a typo', () => key.slice(0, -10) + otherwise(key.at(-10)) + key.slice(-9)],
  ['that is cut short', () => key.slice(0, -1)],
  ['with another secret', () => alter(([prefix, id, secret]) => [prefix, id, otherwise(secret[0]) + secret.slice(1)])],
  ['of an id that there is not', () => alter(([prefix, , secret]) => [prefix, '999999999', secret])],
  ['of an id that is too large', () => alter(([prefix, , secret]) => [prefix, '9999999999999999', secret])],
  [
    'of another key with its own secret',
    async () => {
      const { id } = await createKey(await api.signUp());
      return alter(([prefix, , secret]) => [prefix, String(id), secret]);
    },
  ],
  ['that is revoked', () => over(({ id }, { agent }) => agent.delete(`${KEYS}/${id}`).expect(204))],
  [
    'that has expired',
    () =>
      over(({ id }) =>
        api.database.query(`UPDATE api_key SET expires_at = now() - interval '1 s' WHERE id = $1`, [id]),
      ),
  ],
  ['of a deleted owner', () => over((_, owner) => leave(owner).expect(204))],
];

/** What an answer says, but for what every answer has of its own. */
function said({ status, headers, text }: Received): object {
  const { request_id: _id, ...problem } = JSON.parse(text);
  return { status, challenge: headers['www-authenticate'], problem };
}

test.each(WRONG)('a key %s lets nobody in, and looks like any other', async (_, made) => {
  const wrong = await made();
  const expected = said(await ask({ token: 'nonsense' }));
  const answer = await ask({ token: wrong });
  expectProblem(answer, 401, 'not_signed_in');
  expect(said(answer)).toEqual(expected);
  expectProblem(await ask({ headers: { 'x-api-key': wrong } }), 401, 'not_signed_in');
});

test('a key that was good a moment ago is over when it expires', async () => {
  const at = Date.now() + 1_500;
  const { key: brief } = await createKey(ada, { expires_at: new Date(at).toISOString() });
  expect((await ask({ token: brief })).status).toBe(200);
  await new Promise((done) => setTimeout(done, at - Date.now() + 10));
  expectProblem(await ask({ token: brief }), 401, 'not_signed_in');
});

test('an account that is restored has none of its keys', async () => {
  const owner = await api.signUp();
  const { key: lost } = await createKey(owner);
  await leave(owner).expect(204);
  const root = await api.superuser();
  await root.agent.post(`${PREFIX}/admin/users/${owner.username}/restore`).expect(200);
  expectProblem(await ask({ token: lost }), 401, 'not_signed_in');
});
