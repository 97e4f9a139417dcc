/** Roles and who has them. What others may do is in escalation.test.ts. */
import { type Api, leave, PREFIX, refused, useApi, type User } from '../support/api.js';
import { send } from '../support/raw.js';
import { line, trailOf, visit } from '../support/trail.js';
import { assign, heldBy, makeRole, newHolder, ROLES } from './people.js';

let api: Api;
let root: User;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
});
afterAll(() => api.stop());

const rolesOf = ({ username }: User) => `${PREFIX}/admin/users/${username}/roles`;

test('a role is created, read, changed, listed and deleted', async () => {
  const role = { name: 'helpdesk', description: 'Answers questions', permissions: ['users.read_any'] };
  const { body: saved } = await root.agent.post(ROLES).send(role).expect(201);
  expect(saved).toEqual({ ...role, id: saved.id, created_at: saved.created_at, updated_at: saved.updated_at });
  await root.agent.get(`${ROLES}/${saved.id}`).expect(200, saved);
  const changes = { permissions: ['tasks.read_any', 'users.read_any'] };
  const { body: changed } = await root.agent.patch(`${ROLES}/${saved.id}`).send(changes).expect(200);
  expect(changed).toEqual({ ...saved, ...changes, updated_at: changed.updated_at });
  const { body: page } = await root.agent.get(ROLES).expect(200);
  expect(page).toMatchObject({ data: expect.arrayContaining([changed]), has_more: false });
  await root.agent.delete(`${ROLES}/${saved.id}`).expect(204);
  await refused(root.agent.get(`${ROLES}/${saved.id}`), 404, 'role_not_found');
});

test('two roles cannot have the same name, and one whose name is free again can have it', async () => {
  const [one, other] = [await makeRole(root, []), await makeRole(root, [])];
  const again = { ...other, id: undefined, created_at: undefined, updated_at: undefined, name: one.name };
  await refused(root.agent.post(ROLES).send(again), 409, 'role_name_taken');
  await refused(root.agent.patch(`${ROLES}/${other.id}`).send({ name: one.name }), 409, 'role_name_taken');
  await root.agent.delete(`${ROLES}/${one.id}`).expect(204);
  await root.agent.patch(`${ROLES}/${other.id}`).send({ name: one.name }).expect(200);
});

test.each([
  ['a permission that nobody declares', { permissions: ['users.read_any', 'users.fly'] }, 'permissions'],
  ['a permission twice', { permissions: ['users.read_any', 'users.read_any'] }, 'permissions'],
  ['a property of every object', { permissions: ['constructor'] }, 'permissions'],
  ['no list', { permissions: 'users.read_any' }, 'permissions'],
  ['null', { permissions: null }, 'permissions'],
  ['upper case', { name: 'Editor' }, 'name'],
  ['a blank', { name: 'an editor' }, 'name'],
  ['an invisible description', { description: '\u200b' }, 'description'],
  ['what only the migration says', { is_fresh: true }, 'is_fresh'],
])('a role has not %s', async (_, wrong, field) => {
  const role = { name: 'wrong', description: 'Wrong', permissions: [] };
  for (const sent of [root.agent.post(ROLES).send({ ...role, ...wrong }), root.agent.patch(`${ROLES}/1`).send(wrong)]) {
    const { body } = await refused(sent, 422, 'validation_failed');
    expect(body.errors).toEqual([{ field, message: expect.any(String) }]);
  }
});

test('a user has the roles that were given last, and what is in them', async () => {
  const user = await api.signUp();
  const [reads, works] = [await makeRole(root, ['users.read_any']), await makeRole(root, ['tasks.read_any'])];
  for (const [given, held] of [
    [[], []],
    [
      [works, reads],
      ['tasks.read_any', 'users.read_any'],
    ],
    [
      [works, reads],
      ['tasks.read_any', 'users.read_any'],
    ],
    [[reads], ['users.read_any']],
    [[works], ['tasks.read_any']],
    [[], []],
  ] as const) {
    const roles = { roles: given.map(({ name }) => name).toSorted() };
    expect((await assign(root, user, ...given).expect(200)).body).toEqual(roles);
    await root.agent.get(rolesOf(user)).expect(200, roles);
    expect(await heldBy(user)).toEqual(held);
    expect((await user.agent.get(`${PREFIX}/admin/tasks`)).status).toBe(
      held.includes('tasks.read_any' as never) ? 200 : 403,
    );
  }
});

test('a role that changes or goes does so for all who have it', async () => {
  const [ada, bob] = [await newHolder(api, root, ['users.read_any']), await api.signUp()];
  await assign(root, bob, ada.role).expect(200);
  for (const user of [ada, bob]) expect(await heldBy(user)).toEqual(['users.read_any']);
  await root.agent
    .patch(`${ROLES}/${ada.role.id}`)
    .send({ permissions: ['tasks.read_any'] })
    .expect(200);
  for (const user of [ada, bob]) expect(await heldBy(user)).toEqual(['tasks.read_any']);
  await root.agent.patch(`${ROLES}/${ada.role.id}`).send({ name: 'renamed' }).expect(200);
  for (const user of [ada, bob]) expect(await heldBy(user)).toEqual(['tasks.read_any']);
  await root.agent.delete(`${ROLES}/${ada.role.id}`).expect(204);
  for (const user of [ada, bob]) expect(await heldBy(user)).toEqual([]);
  await root.agent.get(rolesOf(bob)).expect(200, { roles: [] });
});

test('who holds a permission that no domain declares any more holds nothing by it', async () => {
  const user = await newHolder(api, root, ['users.read_any']);
  await api.database.query('UPDATE role SET permissions = $1 WHERE id = $2', [
    ['gone.fly', 'users.read_any'],
    user.role.id,
  ]);
  await assign(root, user).expect(200);
  await assign(root, user, user.role).expect(200);
  expect(await heldBy(user)).toEqual(['users.read_any']);
  await root.agent.delete(`${ROLES}/${user.role.id}`).expect(204);
});

test.each([
  ['a role that is not there', ['nosuchrole']],
  ['a role twice', ['same', 'same']],
  ['no name', ['']],
  ['null', null],
])('a user cannot be given %s', async (_, roles) => {
  const user = await newHolder(api, root, ['users.read_any']);
  const { body } = await refused(root.agent.put(rolesOf(user)).send({ roles }), 422, 'validation_failed');
  expect(body.errors).toEqual([{ field: 'roles', message: expect.any(String) }]);
  expect(await heldBy(user)).toEqual(['users.read_any']);
});

test('a user who is not there, or is deleted, has no roles to read or give, and has them again when restored', async () => {
  const user = await newHolder(api, root, ['users.read_any']);
  await leave(user).expect(204);
  for (const one of [user, { ...user, username: 'nobody' }]) {
    await refused(root.agent.get(rolesOf(one)), 404, 'user_not_found');
    await refused(assign(root, one), 404, 'user_not_found');
  }
  await root.agent.post(`${PREFIX}/admin/users/${user.username}/restore`).expect(200);
  await root.agent.get(rolesOf(user)).expect(200, { roles: [user.role.name] });
});

test('roles are given only if nobody has given others since they were read', async () => {
  const user = await newHolder(api, root, ['users.read_any']);
  const { headers } = await root.agent.get(rolesOf(user)).expect(200);
  const ifSeen = () => assign(root, user).set('If-Match', headers.etag!);
  await assign(root, user, user.role, await makeRole(root, [])).expect(200);
  await refused(ifSeen(), 412, 'stale_entity_tag');
  expect(await heldBy(user)).toEqual(['users.read_any']);
  await assign(root, user, user.role).expect(200);
  await ifSeen().expect(200, { roles: [] });
});

test('what is given and taken is in the audit trail, by name', async () => {
  const [user, actor] = [
    await newHolder(api, root, ['users.read_any']),
    await visit(api, root, api.env.ADMIN_PASSWORD),
  ];
  const [next, path] = [await makeRole(root, []), `${ROLES}/${user.role.id}`];
  const told = async (audit: string, sent: Parameters<typeof actor.ask>[0], more: object) => {
    const answer = await actor.ask(sent);
    const trail = (await trailOf(api, answer)).filter((one) => one.audit === audit);
    expect(trail).toEqual([line(audit, actor, answer, more)]);
  };
  const body = { roles: [next.name] };
  const assigned = { of_user_id: user.id, given: [next.name], taken: [user.role.name] };
  await told('roles_assigned', { path: rolesOf(user), method: 'PUT', body }, assigned);
  const changed = { role_id: user.role.id, role: user.role.name, given: ['tasks.read_any'], taken: ['users.read_any'] };
  await told('role_changed', { path, method: 'PATCH', body: { permissions: ['tasks.read_any'] } }, changed);
  await told('role_changed', { path, method: 'DELETE' }, { ...changed, given: [], taken: ['tasks.read_any'] });
});

test('the routes of roles are closed to users and open to managers of roles', async () => {
  const [ada, manager] = [await api.signUp(), await newHolder(api, root, ['roles.manage'])];
  for (const path of [ROLES, `${ROLES}/${manager.role.id}`, rolesOf(ada)]) {
    expect((await send(api.program.url, { path })).status).toBe(401);
    await refused(ada.agent.get(path), 403, 'permission_required');
    await manager.agent.get(path).expect(200);
  }
});
