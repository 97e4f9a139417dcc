import { type Api, PASSWORD, PREFIX, refused, useApi, type User } from '../support/api.js';
import { expectProblem, type Received, send, type Sent } from '../support/raw.js';
import { refresh, signIn, statusOfMe, type Tokens, tokensOf } from '../support/sessions.js';

const SESSIONS = `${PREFIX}/auth/sessions`;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let api: Api;
let user: User;
beforeAll(async () => {
  api = await useApi();
});
beforeEach(async () => {
  user = await api.signUp();
});
afterAll(() => api.stop());

const open = (more?: Partial<Sent>): Promise<Tokens> => signIn(api.program.url, user.username, more);
const post = (path: string, token: string): Promise<Received> =>
  send(api.program.url, { method: 'POST', path: `${PREFIX}/auth/${path}`, token });

async function list(query = '') {
  const { body } = await user.agent.get(SESSIONS + query).expect(200);
  return body as { data: Record<string, unknown>[]; total_count: number; has_more: boolean };
}

async function expectOver({ access_token, refresh_token }: Tokens): Promise<void> {
  expect(await statusOfMe(api.program.url, access_token)).toBe(401);
  expectProblem(await refresh(api.program.url, refresh_token), 401, 'invalid_refresh_token');
}

async function expectLive({ access_token, refresh_token }: Tokens): Promise<void> {
  expect(await statusOfMe(api.program.url, access_token)).toBe(200);
  tokensOf(await refresh(api.program.url, refresh_token));
}

test('a session tells of its device, its address and its times, and never of its tokens', async () => {
  const headers = { 'user-agent': 'Telescope/1.0', 'x-forwarded-for': '203.0.113.7' };
  const { access_token: token } = await open({ headers });
  const { text, headers: answered } = await send(api.program.url, { path: SESSIONS, token });
  const { data, ...page } = JSON.parse(text);
  expect(page).toEqual({ total_count: 2, has_more: false, page: 1, items_per_page: 10 });
  const times = { created_at: INSTANT, last_used_at: INSTANT, idle_expires_at: INSTANT, expires_at: INSTANT };
  const moments = Object.fromEntries(Object.entries(times).map(([name, form]) => [name, expect.stringMatching(form)]));
  const id = expect.any(Number);
  expect(data).toEqual([
    { id, user_agent: 'Telescope/1.0', ip: '203.0.113.7', is_current: true, ...moments },
    { id, user_agent: '', ip: '127.0.0.1', is_current: false, ...moments },
  ]);
  expect(data[0].id).toBeGreaterThan(data[1].id);
  expect(answered['cache-control']).toBe('no-store');
});

test.each([
  ['a long name of a device', { 'user-agent': 'x'.repeat(5_000) }, { user_agent: 'x'.repeat(255) }],
  ['markup as the name of a device', { 'user-agent': `<b>'"\\` }, { user_agent: `<b>'"\\` }],
  ['an IPv6 address', { 'x-forwarded-for': '2001:db8::7' }, { ip: '2001:db8::7' }],
])('%s is listed', async (_, headers, expected) => {
  await open({ headers });
  expect((await list()).data[0]).toMatchObject(expected);
});

test('a refresh counts as use and leaves the rest of the session as it was', async () => {
  const { refresh_token } = await open();
  const [before] = (await list()).data;
  tokensOf(await refresh(api.program.url, refresh_token));
  const [after] = (await list()).data;
  const { last_used_at, idle_expires_at, ...rest } = after!;
  expect(before).toMatchObject(rest);
  expect(Date.parse(last_used_at as string)).toBeGreaterThan(Date.parse(before!.last_used_at as string));
  expect(Date.parse(idle_expires_at as string)).toBeGreaterThan(Date.parse(before!.idle_expires_at as string));
});

test('sessions come in pages, newest first', async () => {
  for (let i = 1; i <= 4; i++) await open({ headers: { 'user-agent': `device ${i}` } });
  const pages = [await list('?items_per_page=2'), await list('?items_per_page=2&page=2'), await list('?page=9')];
  expect(pages.map(({ data }) => data.map(({ user_agent }) => user_agent))).toEqual([
    ['device 4', 'device 3'],
    ['device 2', 'device 1'],
    [],
  ]);
  expect(pages.map(({ total_count, has_more }) => [total_count, has_more])).toEqual([
    [5, true],
    [5, true],
    [5, false],
  ]);
  await refused(user.agent.get(`${SESSIONS}?items_per_page=101`), 422, 'validation_failed');
});

test.each(['revoked_at = now()', "idle_expires_at = now() - interval '1 s'", "expires_at = now() - interval '1 s'"])(
  'only live sessions are listed: not with %s',
  async (assignment) => {
    await open();
    const [{ id }] = (await list()).data as [{ id: number }];
    await api.database.query(`UPDATE auth_session SET ${assignment} WHERE id = $1`, [id]);
    const { data, total_count } = await list();
    expect([data.length, total_count]).toEqual([1, 1]);
    expect(data[0]).toMatchObject({ is_current: true });
  },
);

test('nobody sees the sessions of others, nor any without signing in', async () => {
  const other = await api.signUp();
  const { body } = await other.agent.get(SESSIONS).expect(200);
  expect(body.total_count).toBe(1);
  expect(body.data[0].id).not.toBe((await list()).data[0]!.id);
  await refused(api.http.get(SESSIONS), 401, 'not_signed_in');
});

test('a session can be ended from another one, or from itself', async () => {
  const ended = await open();
  const [{ id }, own] = (await list()).data as [{ id: number }, { id: number }];
  await user.agent.delete(`${SESSIONS}/${id}`).expect(204, '');
  await expectOver(ended);
  await refused(user.agent.delete(`${SESSIONS}/${id}`), 404, 'session_not_found');
  await user.agent.delete(`${SESSIONS}/${own.id}`).expect(204);
  await refused(user.agent.get(SESSIONS), 401, 'not_signed_in');
});

test.each(['0', '-1', '999999999', '9223372036854775808', '1.5', 'abc', '1%00', '1;--', 'current'])(
  'there is no session %s to end',
  async (id) => {
    await refused(user.agent.delete(`${SESSIONS}/${id}`), 404, 'session_not_found');
    expect((await list()).total_count).toBe(1);
  },
);

test('the session of somebody else can’t be ended, and looks like none', async () => {
  const other = await api.signUp();
  const session = await signIn(api.program.url, other.username);
  const [{ id }] = (await other.agent.get(SESSIONS).expect(200)).body.data;
  await refused(user.agent.delete(`${SESSIONS}/${id}`), 404, 'session_not_found');
  await refused(api.http.delete(`${SESSIONS}/${id}`), 401, 'not_signed_in');
  await expectLive(session);
});

test('signing out ends this session only', async () => {
  const [ended, other] = [await open(), await open()];
  expect((await post('logout', ended.access_token)).status).toBe(204);
  await expectOver(ended);
  await expectLive(other);
  expectProblem(await post('logout', ended.access_token), 401, 'not_signed_in');
});

test('signing out many times at once is signing out', async () => {
  const { access_token } = await open();
  const statuses = await Promise.all(Array.from({ length: 20 }, () => post('logout', access_token)));
  const others = statuses.map(({ status }) => status).filter((status) => status !== 204);
  expect(others).toEqual(others.map(() => 401));
  expect(others.length).toBeLessThan(20);
});

test('signing out everywhere ends all sessions of this user', async () => {
  const sessions = [await open(), await open()];
  const stranger = await signIn(api.program.url, (await api.signUp()).username);
  expect((await post('logout-all', sessions[0]!.access_token)).status).toBe(204);
  for (const session of sessions) await expectOver(session);
  await refused(user.agent.get(SESSIONS), 401, 'not_signed_in');
  await expectLive(stranger);
  await expectLive(await open());
});

test.each(['logout', 'logout-all'])('%s takes an access token', async (path) => {
  const { refresh_token } = await open();
  const headers = { cookie: `refresh_token=${refresh_token}` };
  const sent = { method: 'POST', path: `${PREFIX}/auth/${path}`, headers };
  expectProblem(await send(api.program.url, sent), 401, 'not_signed_in');
  expectProblem(await post(path, refresh_token), 401, 'not_signed_in');
  tokensOf(await refresh(api.program.url, refresh_token));
});

test.each([
  ['in UTF-8', Buffer.from('Téléscope/1.0 (日本) 😀'), 'Téléscope/1.0 (日本) 😀'],
  ['in Latin 1', Buffer.from('Téléscope/1.0', 'latin1'), 'Téléscope/1.0'],
  ['too long, of characters of two units', Buffer.from(`x${'😀'.repeat(300)}`), `x${'😀'.repeat(254)}`],
  ['that is empty', Buffer.from(''), ''],
])('a user agent %s is shown as it was sent', async (_, bytes, shown) => {
  // Bytes, as Node would write the headers in the encoding of a body that is a text.
  const body = Buffer.from(JSON.stringify({ username: user.username, password: PASSWORD }));
  await open({ headers: { 'user-agent': bytes.toString('latin1') }, body });
  expect((await list()).data[0]).toMatchObject({ user_agent: shown });
});
