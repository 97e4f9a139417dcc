import { type Api, PASSWORD, PREFIX, useApi } from '../support/api.js';
import { inTurn, stretch, WRONG } from '../support/attempts.js';
import type { Received } from '../support/raw.js';
import { ROUTES } from '../support/routes.js';
import { newScene } from '../support/scenes.js';
import { granted, line, trailOf, visit, type Visitor } from '../support/trail.js';

const AUTH = `${PREFIX}/auth`;

let api: Api;
let root: Visitor;
beforeAll(async () => {
  api = await useApi();
  root = await visit(api, await api.superuser(), api.env.ADMIN_PASSWORD);
});
afterAll(() => api.stop());

const visitor = async () => visit(api, await api.signUp());

function changePassword({ ask }: Visitor, current_password: string): Promise<Received> {
  const body = { current_password, new_password: 'Difference-Engine-1822' };
  return ask({ path: `${AUTH}/password`, method: 'POST', body });
}

const pathOf = ({ user }: Visitor) => `${PREFIX}/users/${user.username}`;

function change(someone: Visitor, body: object): Promise<Received> {
  return someone.ask({ path: pathOf(someone), method: 'PATCH', body });
}

function deleteAccount(someone: Visitor, current_password: string): Promise<Received> {
  return someone.ask({ path: pathOf(someone), method: 'DELETE', body: { current_password } });
}

const NOBODY = { user_id: undefined, session_id: undefined };
const ANYBODY = { session_id: undefined };
const EVENTS: [event: string, what: string, (v: Visitor) => Promise<Received>, status: number, more: object][] = [
  ['sign_in_failed', 'with a wrong password', (v) => v.login(v.user.username, WRONG), 401, ANYBODY],
  ['sign_in_failed', 'with an unknown name', (v) => v.login('nobody', WRONG), 401, NOBODY],
  ['signed_out', 'of one session', ({ ask }) => ask({ path: `${AUTH}/logout`, method: 'POST' }), 204, {}],
  ['signed_out_everywhere', 'of all', ({ ask }) => ask({ path: `${AUTH}/logout-all`, method: 'POST' }), 204, {}],
  ['session_ended', 'by id', (v) => v.ask({ path: `${AUTH}/sessions/${v.session_id}`, method: 'DELETE' }), 204, {}],
  ['password_changed', 'with the right one', (v) => changePassword(v, PASSWORD), 204, {}],
  ['account_changed', 'its name', (v) => change(v, { name: 'Canary' }), 200, { fields: ['name'] }],
  [
    'account_changed',
    'its e-mail',
    (v) => change(v, { email: `to-${v.user.email}`, username: `to${v.user.username}`, current_password: PASSWORD }),
    200,
    { fields: ['email', 'username'] },
  ],
  ['account_deleted', 'by its owner', (v) => deleteAccount(v, PASSWORD), 204, {}],
];

test.each(EVENTS)('%s, %s, is one line', async (event, _, act, status, more) => {
  const someone = await visitor();
  const answer = await act(someone);
  expect(answer.status).toBe(status);
  expect(await trailOf(api, answer)).toEqual([line(event, someone, answer, more)]);
});

test('signed_in names the new session', async () => {
  const someone = await visitor();
  const answer = await someone.login(someone.user.email, PASSWORD);
  const { session_id } = granted(answer);
  expect(session_id).not.toBe(someone.session_id);
  expect(await trailOf(api, answer)).toEqual([line('signed_in', someone, answer, { session_id })]);
});

test('locked_out tells what has to wait and for how long, beside the failure that did it', async () => {
  const someone = await visitor();
  const answers = await inTurn(5, () => someone.login(someone.user.username, WRONG));
  const last = answers.at(-1)!;
  expect(await trailOf(api, answers[3]!)).toEqual([line('sign_in_failed', someone, answers[3]!, ANYBODY)]);
  expect(await trailOf(api, last)).toEqual([
    line('locked_out', someone, last, { ...ANYBODY, kind: 'pair', seconds: 1 }),
    line('sign_in_failed', someone, last, ANYBODY),
  ]);
  await stretch(api, someone.address);
  const refusal = await someone.login(someone.user.username, WRONG);
  expect([refusal.status, await trailOf(api, refusal)]).toEqual([429, []]);
});

test('refresh_token_reused names the session that it ends', async () => {
  const someone = await visitor();
  const refresh = (refresh_token: string) =>
    someone.ask({ path: `${AUTH}/refresh`, method: 'POST', body: { refresh_token }, token: undefined });
  const next = granted(await refresh(someone.refresh_token));
  await refresh(next.refresh_token);
  const answer = await refresh(someone.refresh_token);
  expect(answer.status).toBe(401);
  expect(await trailOf(api, answer)).toEqual([line('refresh_token_reused', someone, answer)]);
});

test('registered names the new account', async () => {
  const someone = await visitor();
  const username = `of${someone.user.username}`;
  const body = { name: 'Canary', username, email: `${username}@example.com`, password: PASSWORD };
  const answer = await someone.ask({ path: `${PREFIX}/users`, method: 'POST', body, token: undefined });
  const { id } = JSON.parse(answer.text) as { id: number };
  expect(await trailOf(api, answer)).toEqual([line('registered', someone, answer, { ...ANYBODY, user_id: id })]);
});

test.each([
  ['email_change_failed', 'PATCH', (v: Visitor) => change(v, { email: `to-${v.user.email}`, current_password: WRONG })],
  ['account_deletion_failed', 'DELETE', (v: Visitor) => deleteAccount(v, WRONG)],
])('%s names the session, and what was denied', async (event, method, act) => {
  const someone = await visitor();
  const answer = await act(someone);
  const route = `${PREFIX}/users/:username`;
  const denied = { user_agent: undefined, method, route, code: 'wrong_password' };
  expect(await trailOf(api, answer)).toEqual([
    line(event, someone, answer),
    line('access_denied', someone, answer, denied),
  ]);
});

test('password_change_failed names the session, and what was denied', async () => {
  const someone = await visitor();
  const answer = await changePassword(someone, WRONG);
  const denied = { user_agent: undefined, method: 'POST', route: `${AUTH}/password`, code: 'wrong_password' };
  expect(await trailOf(api, answer)).toEqual([
    line('password_change_failed', someone, answer),
    line('access_denied', someone, answer, denied),
  ]);
});

test.each([
  ['GET', '/admin/users', '/admin/users', 'permission_required'],
  ['DELETE', '/admin/users/admin', '/admin/users/:username', 'superuser_only'],
  ['DELETE', '/users/admin', '/users/:username', 'not_your_account'],
])('access_denied names the route: %s %s', async (method, path, route, code) => {
  const someone = await visitor();
  const answer = await someone.ask({ path: PREFIX + path, method });
  expect(answer.status).toBe(403);
  const more = { user_agent: undefined, method, route: PREFIX + route, code };
  expect(await trailOf(api, answer)).toEqual([line('access_denied', someone, answer, more)]);
});

/** Domains may tell more of an act in lines of their own. */
const actsOf = async (answer: Received) => (await trailOf(api, answer)).filter(({ audit }) => audit === 'admin_act');

const ACTS = ROUTES.filter(({ as, method }) => as === 'superuser' && method !== 'GET');
const PLACEHOLDER = /\{(\w+)\}/g;

describe.each(ACTS.map((route) => [route.name, route] as const))('admin_act: %s', (_, route) => {
  const { method, template } = route;
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name]) => name!);
  const lineOf = (answer: Received, target: object, is_done: boolean) => {
    const pattern = PREFIX + template.replace(PLACEHOLDER, ':$1');
    const permission = route.operation['x-permission'];
    const more = { user_agent: undefined, method, route: pattern, target, is_done, permission };
    return line('admin_act', root, answer, { ...more, fields: Object.keys(route.body ?? {}) });
  };

  test('is one line that names the fields, but not their values', async () => {
    const scene = await newScene(api, root.user);
    const { path, body } = await scene.ready(route);
    const values = await Promise.all(names.map(async (name) => [name, String(await scene.value(name))]));
    const answer = await root.ask({ path, method, body });
    expect(answer.status).toBe(route.status);
    expect(await actsOf(answer)).toEqual([lineOf(answer, Object.fromEntries(values), true)]);
  });

  test('is one line when it is refused', async () => {
    const target = Object.fromEntries(names.map((name) => [name, name.endsWith('_id') ? '999999' : 'nobody']));
    const path = PREFIX + template.replace(PLACEHOLDER, (_match, name: string) => target[name]!);
    const good = (await (await newScene(api, root.user)).request(route)).body;
    // What has no path of its own is refused for its body.
    const nulls = Object.fromEntries(Object.keys(route.body ?? {}).map((name) => [name, null]));
    const body = names.length > 0 ? good : nulls;
    const answer = await root.ask({ path, method, body });
    expect(answer.status).toBe(names.length > 0 ? 404 : 422);
    expect(await actsOf(answer)).toEqual([lineOf(answer, target, false)]);
  });
});

test.each([
  ['a field that does not exist', { nonsense: 'canary' }, 422],
  ['the last superuser', { is_superuser: false }, 409],
])('admin_act: %s is refused, and in the trail', async (_, body, status) => {
  const answer = await root.ask({ path: `${PREFIX}/admin/users/admin`, method: 'PATCH', body });
  expect(answer.status).toBe(status);
  const [only, ...more] = await trailOf(api, answer);
  expect(only).toMatchObject({ audit: 'admin_act', fields: Object.keys(body), is_done: false });
  expect(more).toEqual([]);
});

test('reading as a superuser leaves no line', async () => {
  for (const path of ['/admin/users', '/admin/users/admin']) {
    const answer = await root.ask({ path: PREFIX + path });
    expect([answer.status, await trailOf(api, answer)]).toEqual([200, []]);
  }
});
