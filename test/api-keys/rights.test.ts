/** What a key lets a program do; the suite of all routes asks each of them with keys of every kind. */
import { type Api, PASSWORD, PREFIX, refused, useApi, type User } from '../support/api.js';
import { expectProblem, type Received, send, type Sent } from '../support/raw.js';
import { type Route, ROUTES } from '../support/routes.js';
import { newScene, type PlayedScene } from '../support/scenes.js';
import { createKey, KEYS } from './keys.js';

const ALL = { permissions: null };
const READ = 'users.read_any';

let api: Api;
let root: User;
let scene: PlayedScene;
/** Of the user and of the superuser of the scene. */
let keys: { user: string; superuser: string };
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
  scene = await newScene(api, root);
  keys = { user: (await createKey(scene.user, ALL)).key, superuser: (await createKey(root, ALL)).key };
});
afterAll(() => api.stop());

const security = ({ operation }: Route) => (operation.security ?? []).flatMap((one) => Object.keys(one));
const NEED_SESSION = ROUTES.filter(
  (route) => security(route).includes('bearer') && !security(route).includes('api_key'),
);
const OTHERS = ROUTES.filter((route) => security(route).includes('api_key'));

async function call(route: Route, as: 'user' | 'superuser', body?: object): Promise<Received> {
  return send(api.program.url, await scene.request(route, { token: keys[as], ...(body && { body }) }));
}

test('what lets somebody in, or proves who it is, is closed to keys', () => {
  const closed = NEED_SESSION.map(({ name }) => name);
  expect(closed).toEqual(
    expect.arrayContaining([
      'POST /auth/logout',
      'POST /auth/logout-all',
      'POST /auth/password',
      'GET /auth/sessions',
      'DELETE /auth/sessions/{session_id}',
      'DELETE /users/{username}',
      'POST /api-keys',
      'GET /api-keys',
      'GET /api-keys/{key_id}',
      'PATCH /api-keys/{key_id}',
      'DELETE /api-keys/{key_id}',
      'GET /admin/api-keys',
      'GET /admin/api-keys/{key_id}',
      'DELETE /admin/api-keys/{key_id}',
    ]),
  );
  const proofs = ROUTES.filter(({ body }) => body && 'current_password' in body).map(({ name }) => name);
  expect([...closed, 'PATCH /users/{username}']).toEqual(expect.arrayContaining(proofs));
});

test.each(NEED_SESSION.map((route) => [route.name, route] as const))('%s is closed to every key', async (_, route) => {
  if (route.as === 'user') expectProblem(await call(route, 'user'), 403, 'session_required');
  expectProblem(await call(route, 'superuser'), 403, 'session_required');
});

test('a key changes the account, but not its e-mail address, whoever knows the password', async () => {
  const { username, agent } = scene.user;
  const path = `${PREFIX}/users/${username}`;
  const change = (body: object) => send(api.program.url, { method: 'PATCH', path, token: keys.user, body });
  expect((await change({ name: 'By a key' })).status).toBe(200);
  const email = { email: 'other@example.com', current_password: PASSWORD };
  expectProblem(await change(email), 403, 'session_required');
  expect((await agent.get(`${PREFIX}/users/me`).expect(200)).body).toMatchObject({
    name: 'By a key',
    email: scene.user.email,
  });
});

test('a superuser who is one no more has keys of a user', async () => {
  const other = await api.signUp();
  const { key } = await createKey(other, ALL);
  const ask = () => send(api.program.url, { path: `${PREFIX}/admin/users`, token: key });
  const grant = (is_superuser: boolean) =>
    root.agent.patch(`${PREFIX}/admin/users/${other.username}`).send({ is_superuser }).expect(200);
  expectProblem(await ask(), 403, 'permission_required');
  await grant(true);
  expect((await ask()).status).toBe(200);
  await grant(false);
  expectProblem(await ask(), 403, 'permission_required');
});

test('a key with permissions has those of them that its owner holds, and is no superuser', async () => {
  const owner = await api.signUp();
  const asAdmin = `${PREFIX}/admin/users/${owner.username}`;
  const grant = (is_superuser: boolean) => root.agent.patch(asAdmin).send({ is_superuser }).expect(200);
  await grant(true);
  const { key, permissions } = await createKey(owner, { permissions: [READ] });
  expect(permissions).toEqual([READ]);
  const ask = (sent: Partial<Sent> = {}) => send(api.program.url, { path: asAdmin, token: key, ...sent });
  expect((await ask()).status).toBe(200);
  expectProblem(await ask({ method: 'DELETE' }), 403, 'session_required');
  expectProblem(await ask({ method: 'PATCH', body: { is_superuser: true } }), 403, 'session_required');
  const me = { path: `${PREFIX}/users/me` };
  expect(JSON.parse((await ask(me)).text)).toMatchObject({ permissions: [READ], is_superuser: false });
  await grant(false);
  expectProblem(await ask(), 403, 'permission_required');
  expect(JSON.parse((await ask(me)).text)).toMatchObject({ permissions: [], is_superuser: false });
  await grant(true);
  expect((await ask()).status).toBe(200);
});

test('a key without permissions of a superuser may what every user may', async () => {
  const { key } = await createKey(root, { permissions: [] });
  expectProblem(await send(api.program.url, { path: `${PREFIX}/admin/users`, token: key }), 403, 'permission_required');
  expect((await send(api.program.url, { path: `${PREFIX}/tasks`, token: key })).status).toBe(200);
});

test('nobody gives a key what they do not hold', async () => {
  const { agent } = await api.signUp();
  await refused(agent.post(KEYS).send({ name: 'More', permissions: [READ] }), 403, 'permission_not_held');
});

test('the document says which header keys are for, and which routes take none', () => {
  expect(OTHERS.length).toBeGreaterThan(10);
  for (const { operation } of NEED_SESSION)
    expect(JSON.stringify(operation.responses[403])).toContain('session_required');
});
