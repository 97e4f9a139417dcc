/** The cookie that a browser gets for name and password of a superuser in staging. */
import { type Api, leave, PASSWORD, PREFIX, startApi, type User } from '../../support/api.js';
import { DEPLOYED, DOCS_PATHS } from '../../support/docs-paths.js';
import { expectChallenge, grant, newSuperuser, passOf, visit } from '../../support/docs-visits.js';
import { Contract } from '../../support/openapi.js';
import { expectProblem, send } from '../../support/raw.js';

let api: Api;
let root: User;
let user: User;
let pass: string;
beforeAll(async () => {
  api = await startApi({ ENVIRONMENT: 'staging', ...DEPLOYED });
  root = await api.superuser();
  user = await newSuperuser(api, root);
  pass = await passOf(api, user);
});
afterAll(() => api.stop());

test('opens every docs path by itself', async () => {
  for (const path of DOCS_PATHS) {
    const { status, headers } = await visit(api, { path, pass });
    expect({ path, status, caching: headers['cache-control'] }).toEqual({ path, status: 200, caching: 'no-store' });
    expect(headers).not.toHaveProperty('set-cookie');
  }
});

test('opens no other route, whichever way it is sent', async () => {
  const document = new Contract((await visit(api, { path: '/openapi.json', pass })).text);
  const closed = document.operations().filter(({ security }) => security?.length);
  expect(closed.length).toBeGreaterThan(15);
  for (const { route, method, path } of closed) {
    for (const headers of [{ cookie: `__Secure-docs=${pass}` }, { authorization: `Bearer ${pass}` }]) {
      const sent = { method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, '1'), headers };
      expect({ route, status: (await send(api.program.url, sent)).status }).toEqual({ route, status: 401 });
    }
  }
  const headers = { cookie: `__Secure-refresh_token=${pass}` };
  const refreshed = await send(api.program.url, { method: 'POST', path: `${PREFIX}/auth/refresh`, headers });
  expectProblem(refreshed, 401, 'invalid_refresh_token');
  expectChallenge(await visit(api, { authorization: `Bearer ${pass}` }), 'not_signed_in');
});

test('cannot be replaced by another token', async () => {
  const body = { username: user.username, password: PASSWORD };
  const { headers } = await send(api.program.url, { method: 'POST', path: `${PREFIX}/auth/login`, body });
  const [, refreshToken] = /^__Secure-refresh_token=([^;]+)/.exec(headers['set-cookie']![0]!)!;
  for (const other of [user.token, refreshToken, `${pass}x`, pass.slice(1), 'nonsense', '', '%00', '%ff']) {
    expectChallenge(await visit(api, { pass: other }), 'not_signed_in');
  }
});

/** A superuser whose cookie is known to work. */
async function newGuest(): Promise<{ user: User; pass: string }> {
  const superuser = await newSuperuser(api, root);
  const guest = { user: superuser, pass: await passOf(api, superuser) };
  expect((await visit(api, guest)).status).toBe(200);
  return guest;
}

const newPassword = { current_password: PASSWORD, new_password: `${PASSWORD}-2` };
test.each<[string, (user: User) => PromiseLike<unknown>]>([
  ['signing out everywhere', ({ agent }) => agent.post(`${PREFIX}/auth/logout-all`).expect(204)],
  ['a new password', ({ agent }) => agent.post(`${PREFIX}/auth/password`).send(newPassword).expect(204)],
  ['leaving', (leaver) => leave(leaver).expect(204)],
  ['being erased', ({ username }) => root.agent.delete(`${PREFIX}/admin/users/${username}`).expect(204)],
])('ends with %s', async (_, act) => {
  const guest = await newGuest();
  await act(guest.user);
  expectChallenge(await visit(api, { pass: guest.pass }), 'not_signed_in');
});

test('ends with its own session, which is listed like any other', async () => {
  const guest = await newGuest();
  const { body } = await guest.user.agent.get(`${PREFIX}/auth/sessions`).expect(200);
  const [{ id }] = body.data as [{ id: number }];
  await guest.user.agent.delete(`${PREFIX}/auth/sessions/${id}`).expect(204);
  expectChallenge(await visit(api, { pass: guest.pass }), 'not_signed_in');
  expect((await visit(api, { authorization: `Bearer ${guest.user.token}` })).status).toBe(200);
});

test('is no use to who is demoted', async () => {
  const guest = await newGuest();
  await grant(root, guest.user, false);
  expectProblem(await visit(api, { pass: guest.pass }), 403, 'superuser_only');
});
