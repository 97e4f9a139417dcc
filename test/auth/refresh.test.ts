import { type Api, leave, PREFIX, useApi, type User } from '../support/api.js';
import { expectProblem, type Received, send, type Sent } from '../support/raw.js';
import { refresh, signIn, statusOfMe, type Tokens, tokensOf } from '../support/sessions.js';

const PATH = `${PREFIX}/auth/refresh`;
const FORM = 'application/x-www-form-urlencoded';

let api: Api;
let user: User;
let tokens: Tokens;
beforeAll(async () => {
  api = await useApi();
  user = await api.signUp();
});
beforeEach(async () => {
  tokens = await signIn(api.program.url, user.username);
});
afterAll(() => api.stop());

const post = (sent: Partial<Sent>): Promise<Received> => send(api.program.url, { method: 'POST', path: PATH, ...sent });

const WAYS: [string, (token: string) => Partial<Sent>][] = [
  ['a cookie', (token) => ({ headers: { cookie: `refresh_token=${token}` } })],
  ['a cookie among others', (token) => ({ headers: { cookie: `a=b; refresh_token=${token}; theme=dark` } })],
  ['a cookie beside an empty body', (token) => ({ headers: { cookie: `refresh_token=${token}` }, body: {} })],
  ['JSON', (refresh_token) => ({ body: { refresh_token } })],
  [
    'JSON, which goes before a cookie',
    (refresh_token) => ({ body: { refresh_token }, headers: { cookie: 'refresh_token=x' } }),
  ],
];

test.each(WAYS)('a refresh token in %s gives an access token and its own successor', async (_, sentWith) => {
  const answer = await post(sentWith(tokens.refresh_token));
  const next = tokensOf(answer);
  expect(JSON.parse(answer.text)).toEqual({
    access_token: expect.any(String),
    token_type: 'bearer',
    expires_in: 1800,
  });
  expect(answer.text).not.toContain(next.refresh_token);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(next.refresh_token).not.toBe(tokens.refresh_token);
  expect(next.access_token).not.toBe(tokens.access_token);
  expect(await statusOfMe(api.program.url, next.access_token)).toBe(200);
  expect((await refresh(api.program.url, next.refresh_token)).status).toBe(200);
});

test('the access token before it stays good until it expires', async () => {
  tokensOf(await refresh(api.program.url, tokens.refresh_token));
  expect(await statusOfMe(api.program.url, tokens.access_token)).toBe(200);
});

const cookie = (value: string): Partial<Sent> => ({ headers: { cookie: `refresh_token=${value}` } });
const json = (refresh_token: unknown): Partial<Sent> => ({ body: { refresh_token } });
const REFUSED: [string, () => Partial<Sent>, number, string][] = [
  ['that is missing', () => ({}), 401, 'invalid_refresh_token'],
  ['that is missing in JSON', () => ({ body: {} }), 401, 'invalid_refresh_token'],
  ['that is empty', () => json(''), 401, 'invalid_refresh_token'],
  ['that is empty in a cookie', () => cookie(''), 401, 'invalid_refresh_token'],
  [
    'in a cookie of another name',
    () => ({ headers: { cookie: `token=${tokens.refresh_token}` } }),
    401,
    'invalid_refresh_token',
  ],
  ['in the query', () => ({ path: `${PATH}?refresh_token=${tokens.refresh_token}` }), 401, 'invalid_refresh_token'],
  ['as a bearer token', () => ({ token: tokens.refresh_token }), 401, 'invalid_refresh_token'],
  ['of nothing but garbage', () => json('garbage'), 401, 'invalid_refresh_token'],
  ['that nobody was given', () => json('A'.repeat(64)), 401, 'invalid_refresh_token'],
  ['that lacks its end', () => json(tokens.refresh_token.slice(0, -1)), 401, 'invalid_refresh_token'],
  ['that goes on', () => json(`${tokens.refresh_token}A`), 401, 'invalid_refresh_token'],
  ['that ends with a line break', () => json(`${tokens.refresh_token}\n`), 401, 'invalid_refresh_token'],
  ['with SQL in it', () => json(`' OR '1'='1`), 401, 'invalid_refresh_token'],
  ['of 32 KiB, almost', () => json('A'.repeat(32 * 1024 - 100)), 401, 'invalid_refresh_token'],
  ['of 32 KiB and more', () => json('A'.repeat(32 * 1024)), 413, 'body_too_large'],
  ['that is an access token', () => json(tokens.access_token), 401, 'invalid_refresh_token'],
  ['with a NUL', () => json(`\0${tokens.refresh_token.slice(1)}`), 422, 'validation_failed'],
  ['with a NUL in a cookie', () => cookie(`%00${tokens.refresh_token.slice(1)}`), 401, 'invalid_refresh_token'],
  ['that is a number', () => json(42), 422, 'validation_failed'],
  ['that is null', () => json(null), 422, 'validation_failed'],
  ['that is a list', () => json([tokens.refresh_token]), 422, 'validation_failed'],
  ['that is an object', () => json({ like: '%' }), 422, 'validation_failed'],
  [
    'beside another field',
    () => ({ body: { refresh_token: tokens.refresh_token, user: 1 } }),
    422,
    'validation_failed',
  ],
  ['in no object', () => ({ body: JSON.stringify(tokens.refresh_token) }), 422, 'validation_failed'],
  ['in broken JSON', () => ({ body: '{' }), 400, 'malformed_request'],
  // What pages of other sites can send without asking first.
  ['in a form', () => ({ body: `refresh_token=${tokens.refresh_token}`, type: FORM }), 415, 'unsupported_media_type'],
  [
    'in a cookie beside a form',
    () => ({ ...cookie(tokens.refresh_token), body: 'a=b', type: FORM }),
    415,
    'unsupported_media_type',
  ],
  [
    'in a cookie beside an empty form of another site',
    () => ({
      headers: { ...cookie(tokens.refresh_token).headers, origin: 'https://evil.example' },
      body: '',
      type: FORM,
    }),
    403,
    'foreign_origin',
  ],
  [
    'in a cookie beside plain text',
    () => ({ ...cookie(tokens.refresh_token), body: '{}', type: 'text/plain' }),
    415,
    'unsupported_media_type',
  ],
  [
    'in a cookie beside a file',
    () => ({ ...cookie(tokens.refresh_token), body: 'a', type: 'multipart/form-data; boundary=b' }),
    415,
    'unsupported_media_type',
  ],
];

test.each(REFUSED)('a refresh token %s is refused and uses nothing up', async (_, sent, status, code) => {
  const answer = await post(sent());
  expectProblem(answer, status, code);
  expect(answer.headers).not.toHaveProperty('set-cookie');
  expect((await refresh(api.program.url, tokens.refresh_token)).status).toBe(200);
});

test.each(['by themselves', 'by a superuser', 'and restored'])('who was deleted %s can’t refresh', async (how) => {
  const [gone, root] = [await api.signUp(), await superuser()];
  const session = await signIn(api.program.url, gone.username);
  const account = `${PREFIX}/admin/users/${gone.username}`;
  if (how === 'by a superuser') await root.agent.delete(account).expect(204);
  else await leave(gone).expect(204);
  if (how === 'and restored') await root.agent.post(`${account}/restore`).expect(200);
  expectProblem(await refresh(api.program.url, session.refresh_token), 401, 'invalid_refresh_token');
});

let root: Promise<User> | undefined;
function superuser(): Promise<User> {
  root ??= api.superuser();
  return root;
}
