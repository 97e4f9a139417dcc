/** That nobody comes to more than they were given. */
import { type Api, leave, PREFIX, refused, useApi, type User } from '../support/api.js';
import { assign, heldBy, makeRole, newHolder, type RoleRead, ROLES } from './people.js';

let api: Api;
let root: User;
/** Manages roles, and reads accounts. */
let manager: User & { role: RoleRead };
let reads: RoleRead;
let works: RoleRead;
let ada: User;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
});
beforeEach(async () => {
  manager = await newHolder(api, root, ['roles.manage', 'users.read_any']);
  [reads, works] = [await makeRole(root, ['users.read_any']), await makeRole(root, ['tasks.read_any'])];
  ada = await api.signUp();
});
afterAll(() => api.stop());

const role = (permissions: string[]) => ({ name: 'bigger', description: 'Bigger', permissions });
const change = (actor: User, { id }: RoleRead, permissions: string[]) =>
  actor.agent.patch(`${ROLES}/${id}`).send({ permissions });

test('a manager makes, changes, gives, takes and deletes roles of what they hold', async () => {
  const own = await makeRole(manager, ['users.read_any']);
  await assign(manager, ada, own, reads).expect(200);
  await change(manager, own, ['roles.manage', 'users.read_any']).expect(200);
  expect(await heldBy(ada)).toEqual(['roles.manage', 'users.read_any']);
  await assign(manager, ada, reads).expect(200);
  await manager.agent.delete(`${ROLES}/${own.id}`).expect(204);
  expect(await heldBy(ada)).toEqual(['users.read_any']);
});

const ATTEMPTS: [string, () => Promise<unknown>][] = [
  ['by a role of their own', () => refuse(manager.agent.post(ROLES).send(role(['tasks.read_any'])))],
  ['by giving themselves a role', () => refuse(assign(manager, manager, manager.role, works))],
  ['by giving another a role', () => refuse(assign(manager, ada, works))],
  [
    'by a role that grows while they have it',
    () => refuse(change(manager, manager.role, ['roles.manage', 'tasks.read_any'])),
  ],
  [
    'by a role that grows while another has it',
    () => refuse(change(manager, reads, ['users.read_any', 'tasks.read_any'])),
  ],
  ['by a role that shrinks', () => refuse(change(manager, works, []))],
  ['by a role that swaps', () => refuse(change(manager, works, ['users.read_any']))],
  ['by renaming', () => refuse(manager.agent.patch(`${ROLES}/${works.id}`).send({ name: 'harmless' }))],
  ['by deleting', () => refuse(manager.agent.delete(`${ROLES}/${works.id}`))],
];
const refuse = (sent: Parameters<typeof refused>[0]) => refused(sent, 403, 'permission_not_held');

test.each(ATTEMPTS)('a manager comes to nothing that they lack %s', async (_, attempt) => {
  await attempt();
  expect(await heldBy(manager)).toEqual(['roles.manage', 'users.read_any']);
  expect(await heldBy(ada)).toEqual([]);
  await root.agent.get(`${ROLES}/${works.id}`).expect(200, works);
  await root.agent.get(`${ROLES}/${reads.id}`).expect(200, reads);
});

test('a manager takes nothing from others that they lack', async () => {
  await assign(root, ada, works).expect(200);
  await refuse(assign(manager, ada));
  await refuse(assign(manager, ada, reads));
  await assign(manager, ada, works, reads).expect(200);
  expect(await heldBy(ada)).toEqual(['tasks.read_any', 'users.read_any']);
});

test.each([
  ['PATCH', '/users/{me}', { is_superuser: true }, 422],
  ['PATCH', '/users/{me}', { permissions: ['roles.manage'] }, 422],
  ['PATCH', '/users/{me}', { roles: ['editor'] }, 422],
  ['PATCH', '/admin/users/{me}', { is_superuser: true }, 403],
  ['DELETE', '/admin/users/{me}', undefined, 403],
  ['POST', '/admin/users/{me}/restore', undefined, 403],
] as const)('nobody with every permission becomes a superuser by %s %s %j', async (method, path, body, status) => {
  const { body: me } = await root.agent.get(`${PREFIX}/users/me`).expect(200);
  const holder = await newHolder(api, root, me.permissions);
  const url = PREFIX + path.replace('{me}', holder.username);
  const answer = await holder.agent[method.toLowerCase() as 'patch'](url).send(body);
  expect(answer.status).toBe(status);
  const { body: after } = await holder.agent.get(`${PREFIX}/users/me`).expect(200);
  expect(after).toMatchObject({ is_superuser: false, permissions: me.permissions });
});

test('a user without roles.manage changes no role, whatever else is in theirs', async () => {
  const reader = await newHolder(api, root, ['users.read_any', 'tasks.read_any']);
  for (const sent of [
    reader.agent.post(ROLES).send(role([])),
    change(reader, reader.role, []),
    reader.agent.delete(`${ROLES}/${reads.id}`),
    assign(reader, reader, reads),
  ]) {
    await refused(sent, 403, 'permission_required');
  }
});

test('who was a superuser or a manager changes nothing any more with the next request', async () => {
  const second = await api.signUp();
  const grant = (is_superuser: boolean) =>
    root.agent.patch(`${PREFIX}/admin/users/${second.username}`).send({ is_superuser }).expect(200);
  await grant(true);
  await second.agent.get(ROLES).expect(200);
  await grant(false);
  await refused(assign(second, second, works), 403, 'permission_required');
  await manager.agent.get(ROLES).expect(200);
  await assign(root, manager, reads).expect(200);
  await refused(assign(manager, ada, reads), 403, 'permission_required');
});

test('of two managers who take each other’s role at once, one keeps theirs', async () => {
  for (let n = 0; n < 10; n++) {
    const [one, other] = [await newHolder(api, root, ['roles.manage']), await newHolder(api, root, ['roles.manage'])];
    const answers = await Promise.all([assign(one, other), assign(other, one)]);
    const held = [await heldBy(one), await heldBy(other)];
    expect(held.filter((permissions) => permissions.includes('roles.manage'))).toHaveLength(1);
    // The second may have been refused at the door, or when its turn came.
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    expect(answers.find(({ status }) => status === 403)!.body.code).toBe('permission_required');
  }
});

describe('without a superuser', () => {
  let last: User & { role: RoleRead };
  beforeEach(async () => {
    last = await newHolder(api, root, ['roles.manage']);
    await api.database.query(`DELETE FROM role WHERE 'roles.manage' = ANY(permissions) AND id <> $1`, [last.role.id]);
    await api.database.query(`UPDATE "user" SET is_superuser = false WHERE id = $1`, [root.id]);
  });
  afterEach(() => api.database.query(`UPDATE "user" SET is_superuser = true WHERE id = $1`, [root.id]));

  test.each<[string, () => Parameters<typeof refused>[0]]>([
    ['takes their own role', () => assign(last, last)],
    ['empties the role', () => change(last, last.role, [])],
    ['deletes the role', () => last.agent.delete(`${ROLES}/${last.role.id}`)],
    ['leaves', () => leave(last)],
  ])('the last manager of roles never %s', async (_, act) => {
    await refused(act(), 409, 'last_role_manager');
    expect(await heldBy(last)).toEqual(['roles.manage']);
  });

  test('one of several managers may go, and so may everybody else', async () => {
    const second = await api.signUp();
    await assign(last, second, last.role).expect(200);
    await leave(last).expect(204);
    await leave(ada).expect(204);
    await refused(leave(second), 409, 'last_role_manager');
  });
});
