import { type Api, PREFIX, startApi, type User } from '../../support/api.js';
import { DEPLOYED } from '../../support/docs-paths.js';
import { until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { cookiesOf, Secrets } from '../../support/secrets.js';

const PASSWORD = 'Canary-passw0rd';
const NEW_PASSWORD = 'Canary-n3xt-one';
const WRONG = 'Canary-wr0ng';
const AS_NAME = 'Canary-typed-as-n4me';
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.Q2FuYXJ5LXQwa2Vu.canary-signature';
const UNKNOWN = 'Q2FuYXJ5'.repeat(8);
const HASH = /\$2[aby]\$\d\d\$[./A-Za-z0-9]{20}/;
// What the audit trail then holds, in order: so nothing of it stayed out of the log.
const TRAIL = `
  registered signed_in registered signed_in signed_in signed_in sign_in_failed sign_in_failed
  password_change_failed access_denied password_changed signed_in
  signed_in refresh_token_reused signed_in signed_out signed_in signed_out_everywhere
  sign_in_failed sign_in_failed signed_in`;
const AUTH = `${PREFIX}/auth`;

let api: Api;
beforeAll(async () => {
  api = await startApi({ ENVIRONMENT: 'staging', LOG_LEVEL: 'trace', ...DEPLOYED });
});
afterAll(() => api.stop());

/** The whole log, once the last request is in it. */
async function log(): Promise<string> {
  const { headers } = await send(api.program.url, { path: '/nope' });
  await until(() => api.program.output().includes(headers['x-request-id'] as string));
  return api.program.output();
}

/** Everything that can be done with a password, right and wrong. */
async function signInEveryWay(secrets: Secrets, { username, token }: User): Promise<void> {
  const login = { path: `${AUTH}/login`, method: 'POST' };
  const form = { type: 'application/x-www-form-urlencoded', body: `username=${username}&password=${PASSWORD}` };
  await secrets.ask({ ...login, body: { username, password: PASSWORD } }, 200);
  await secrets.ask({ ...login, ...form }, 200);
  await secrets.ask({ ...login, body: { username, password: WRONG } }, 401);
  await secrets.ask({ ...login, body: { username: AS_NAME, password: WRONG } }, 401);
  await secrets.ask({ ...login, body: `{"username":"${username}","password":"${PASSWORD}` }, 400);
  await secrets.ask({ ...login, body: { username: PASSWORD, password: [PASSWORD] } }, 422);
  await secrets.ask({ ...login, body: PASSWORD, type: 'text/plain' }, 415);
  await secrets.ask({ path: `${login.path}?password=${PASSWORD}`, method: 'POST' }, 422);
  await secrets.ask({ path: `${PREFIX}/users`, method: 'POST', body: { username, password: PASSWORD } }, 422);
  await secrets.ask(
    { path: `${PREFIX}/users`, method: 'POST', body: { ...registration(username), password: PASSWORD } },
    409,
  );
  const change = { path: `${AUTH}/password`, method: 'POST', token };
  await secrets.ask({ ...change, body: { current_password: WRONG, new_password: NEW_PASSWORD } }, 403);
  await secrets.ask({ ...change, body: { current_password: PASSWORD, new_password: [NEW_PASSWORD] } }, 422);
  await secrets.ask({ ...change, body: { current_password: PASSWORD, new_password: NEW_PASSWORD } }, 204);
  await secrets.ask({ ...login, body: { username, password: NEW_PASSWORD } }, 200);
}

/** Everything that can be done with tokens, good and bad. */
async function useTokens(secrets: Secrets, { username }: User): Promise<void> {
  const refresh = { path: `${AUTH}/refresh`, method: 'POST' };
  const body = { username, password: NEW_PASSWORD };
  const first = await secrets.ask({ path: `${AUTH}/login`, method: 'POST', body }, 200);
  const { access_token: token } = JSON.parse(first.text) as { access_token: string };
  const cookie = cookiesOf(first)[0]!;
  const second = await secrets.ask({ ...refresh, headers: { cookie } }, 200);
  const refresh_token = cookiesOf(second)[0]!.split('=')[1]!;
  await secrets.stored();
  await secrets.ask({ ...refresh, body: { refresh_token } }, 200);
  await secrets.ask({ path: `${AUTH}/sessions`, token }, 200);
  await secrets.ask({ path: `${PREFIX}/users/me`, token }, 200);
  await secrets.ask({ ...refresh, headers: { cookie } }, 401);
  await secrets.ask({ ...refresh, body: { refresh_token: UNKNOWN } }, 401);
  await secrets.ask({ ...refresh, body: { refresh_token: [refresh_token] } }, 422);
  await secrets.ask({ path: `${AUTH}/sessions/${TOKEN}`, method: 'DELETE', token: TOKEN }, 401);
  await secrets.ask({ path: `${PREFIX}/users/me`, token: TOKEN, headers: { cookie: `refresh_token=${TOKEN}` } }, 401);
  for (const path of ['/users/me', '/nope', '/users/%ff']) {
    const { status } = await send(api.program.url, { path: `${PREFIX}${path}?access_token=${TOKEN}` });
    expect(status).toBeLessThan(500);
  }
  for (const way of ['logout', 'logout-all']) {
    const again = await secrets.ask({ path: `${AUTH}/login`, method: 'POST', body }, 200);
    const { access_token } = JSON.parse(again.text) as { access_token: string };
    await secrets.ask({ path: `${AUTH}/${way}`, method: 'POST', token: access_token }, 204);
  }
}

/** The docs take name and password of superusers, and hand out a cookie. */
async function openDocs(secrets: Secrets, { username }: User): Promise<void> {
  const visits: [name: string, password: string, status: number][] = [
    ['admin', WRONG, 401],
    [username, NEW_PASSWORD, 401],
    ['admin', api.env.ADMIN_PASSWORD!, 200],
  ];
  for (const [name, password, status] of visits) {
    const basic = Buffer.from(`${name}:${password}`).toString('base64');
    secrets.add(basic);
    const answer = await secrets.ask({ path: '/docs', headers: { authorization: `Basic ${basic}` } }, status);
    const [cookie] = cookiesOf(answer);
    if (cookie) await secrets.ask({ path: '/openapi.json', headers: { cookie } }, 200);
  }
}

test('passwords, tokens, cookies and hashes are never logged', async () => {
  const user = await api.signUp({ password: PASSWORD });
  const root = await api.superuser();
  const secrets = new Secrets(api);
  secrets.add(PASSWORD, NEW_PASSWORD, WRONG, AS_NAME, TOKEN, UNKNOWN);
  secrets.add(user.token, root.token, api.env.ADMIN_PASSWORD, api.env.SECRET_KEY);
  await secrets.stored();
  await signInEveryWay(secrets, user);
  await useTokens(secrets, user);
  await openDocs(secrets, user);
  await secrets.ask({ path: `${PREFIX}/admin/users/${user.username}`, token: root.token }, 200);
  await secrets.stored();
  const lines = (await log()).split('\n');
  expect(lines.filter((line) => secrets.isIn(line))).toEqual([]);
  const events = lines.map((line) => /"audit":"(\w+)"/.exec(line)?.[1]).filter(Boolean);
  expect(events).toEqual(TRAIL.trim().split(/\s+/));
});

test('a statement that fails is logged once, without its values, and shown to nobody', async () => {
  await api.database.query('ALTER TABLE "user" RENAME COLUMN profile_image_url TO renamed');
  try {
    const body = { ...registration('unlucky'), password: PASSWORD };
    const { status, text, headers } = await send(api.program.url, { path: `${PREFIX}/users`, method: 'POST', body });
    expect(status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'internal_error' });
    expect(text).not.toMatch(/profile_image_url|column|INSERT|postgres| at /i);
    const output = await log();
    const lines = output.split('\n').filter((line) => line.includes(headers['x-request-id'] as string));
    expect(lines.filter((line) => line.includes('"level":50'))).toHaveLength(1);
    expect(output.split('\n').filter((line) => HASH.test(line) || line.includes(PASSWORD))).toEqual([]);
  } finally {
    await api.database.query('ALTER TABLE "user" RENAME COLUMN renamed TO profile_image_url');
  }
});

function registration(username: string) {
  return { name: 'Some User', username, email: `${username}@example.com` };
}
