import { type Api, PREFIX, startApi } from '../support/api.js';
import { send, type Sent } from '../support/raw.js';
import { until } from '../support/program.js';

const PASSWORD = 'Canary-passw0rd';
const WRONG = 'Canary-wr0ng';
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.Q2FuYXJ5LXQwa2Vu.canary-signature';
const HASH = /\$2[aby]\$\d\d\$[./A-Za-z0-9]{20}/;

let api: Api;
beforeAll(async () => {
  api = await startApi({ LOG_LEVEL: 'trace' });
});
afterAll(() => api.stop());

/** The whole log, once the last request is in it. */
async function log(): Promise<string> {
  const { headers } = await send(api.program.url, { path: '/nope' });
  await until(() => api.program.output().includes(headers['x-request-id'] as string));
  return api.program.output();
}

test('passwords, tokens and hashes are never logged', async () => {
  const ada = await api.signUp({ password: PASSWORD });
  const root = await api.superuser();
  const login = `${PREFIX}/auth/login`;
  const form = { type: 'application/x-www-form-urlencoded', body: `username=${ada.username}&password=${PASSWORD}` };
  const requests: Sent[] = [
    { path: login, method: 'POST', body: { username: ada.username, password: WRONG } },
    { path: login, method: 'POST', ...form },
    { path: login, method: 'POST', body: `{"username":"ada","password":"${PASSWORD}` },
    { path: login, method: 'POST', body: { username: PASSWORD, password: [PASSWORD] } },
    { path: login, method: 'POST', body: PASSWORD, type: 'text/plain' },
    { path: `${login}?password=${PASSWORD}`, method: 'POST' },
    { path: `${PREFIX}/users`, method: 'POST', body: { username: ada.username, password: PASSWORD } },
    { path: `${PREFIX}/users`, method: 'POST', body: { ...registration(ada.username), password: PASSWORD } },
    { path: `${PREFIX}/users/me`, token: ada.token },
    { path: `${PREFIX}/users/me`, token: TOKEN },
    { path: `${PREFIX}/users/me?access_token=${TOKEN}` },
    { path: `${PREFIX}/nope?access_token=${TOKEN}` },
    { path: `${PREFIX}/users/%ff?access_token=${TOKEN}` },
    { path: `${PREFIX}/users/me`, headers: { cookie: `refresh_token=${TOKEN}` } },
    { path: `${PREFIX}/admin/users/${ada.username}`, token: root.token },
  ];
  for (const sent of requests) expect((await send(api.program.url, sent)).status).toBeLessThan(500);
  const [{ hashed_password }] = (await api.database.query('SELECT hashed_password FROM "user"')) as [
    { hashed_password: string },
  ];
  const text = await log();
  expect(hashed_password).toMatch(HASH);
  const secrets = [
    PASSWORD,
    WRONG,
    TOKEN,
    ada.token,
    root.token,
    hashed_password,
    api.env.ADMIN_PASSWORD,
    api.env.SECRET_KEY,
  ];
  const leaks = text.split('\n').filter((line) => secrets.some((secret) => line.includes(secret!)));
  expect(leaks).toEqual([]);
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
