/** How many roles there may be. */
import { type Api, PREFIX, refused, startApi, type User } from '../../support/api.js';
import { assign, makeRole, ROLES } from '../../roles/people.js';

const MOST = 25;

let api: Api;
let root: User;
beforeAll(async () => {
  api = await startApi({ ROLES_MAX: String(MOST) });
  root = await api.superuser();
});
afterAll(() => api.stop());

test('there are so many roles and no more, whoever makes them at once', async () => {
  const { body } = await root.agent.get(ROLES).expect(200);
  const free = MOST - (body.total_count as number);
  const role = (n: number) => ({ name: `many_${n}`, description: 'One of many', permissions: [] });
  const made = await Promise.all([...Array(free + 3).keys()].map((n) => root.agent.post(ROLES).send(role(n))));
  expect(made.filter(({ status }) => status === 201)).toHaveLength(free);
  for (const one of made) if (one.status !== 201) expect([one.status, one.body.code]).toEqual([409, 'too_many_roles']);
  await root.agent.delete(`${ROLES}/${made.find(({ status }) => status === 201)!.body.id}`).expect(204);
  await makeRole(root, []);
});

test('a user has twenty roles at most', async () => {
  const user = await api.signUp();
  const { body } = await root.agent.get(`${ROLES}?items_per_page=21`).expect(200);
  await refused(assign(root, user, ...body.data), 422, 'validation_failed');
  await assign(root, user, ...body.data.slice(1)).expect(200);
  await root.agent.get(`${PREFIX}/admin/users/${user.username}/roles`).expect(200);
});
