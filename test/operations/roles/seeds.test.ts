/** The roles that are there from the beginning, by the permissions that suit them. */
import { type Api, startApi, type User } from '../../support/api.js';
import { start } from '../../support/program.js';
import { ROLES, type RoleRead } from '../../roles/people.js';

let api: Api;
let root: User;
beforeAll(async () => {
  api = await startApi();
  root = await api.superuser();
});
afterAll(() => api.stop());

async function roles(): Promise<Record<string, RoleRead>> {
  const { body } = await root.agent.get(ROLES).expect(200);
  return Object.fromEntries((body.data as RoleRead[]).map((role) => [role.name, role]));
}

test('there are two, whose permissions suit them, and none manages roles', async () => {
  const { editor, support, ...others } = await roles();
  expect(others).toEqual({});
  expect(support!.permissions).toEqual(expect.arrayContaining(['tasks.read_any', 'users.read_any']));
  expect(editor!.permissions).not.toContain('roles.manage');
  expect(editor!.permissions.filter((name) => support!.permissions.includes(name))).toEqual([]);
});

test('what is changed stays so, and what is deleted does not come back, whoever starts', async () => {
  const { editor, support } = await roles();
  await root.agent.delete(`${ROLES}/${editor!.id}`).expect(204);
  const changes = { permissions: ['users.read_any'] };
  const { body: changed } = await root.agent.patch(`${ROLES}/${support!.id}`).send(changes).expect(200);
  const again = await Promise.all([start('main', api.env), start('main', api.env)]);
  expect(await roles()).toEqual({ support: changed });
  await Promise.all(again.map((program) => program.stop()));
});
