import { type Api, leave, PREFIX, refused, useApi, type User } from '../support/api.js';

let api: Api;
let root: User;
beforeEach(async () => {
  api = await useApi();
  root = await api.superuser();
});
afterEach(() => api.stop());

/** Another superuser. */
async function second(): Promise<User> {
  const user = await api.signUp();
  await root.agent.patch(`${PREFIX}/admin/users/${user.username}`).send({ is_superuser: true }).expect(200);
  return user;
}

const superusers = () => api.database.query(`SELECT id FROM "user" WHERE is_superuser AND NOT is_deleted`);

test('the last superuser can be neither demoted nor deleted', async () => {
  const path = `${PREFIX}/admin/users/admin`;
  await refused(root.agent.patch(path).send({ is_superuser: false }), 409, 'last_superuser');
  await refused(root.agent.delete(path), 409, 'last_superuser');
  await refused(leave(root, api.env.ADMIN_PASSWORD), 409, 'last_superuser');
  await root.agent.patch(path).send({ name: 'Still there' }).expect(200);
  expect(await superusers()).toEqual([{ id: String(root.id) }]);
});

test('with another one they can, and users always can delete themselves', async () => {
  await second();
  await leave(root, api.env.ADMIN_PASSWORD).expect(204);
  const user = await api.signUp();
  await leave(user).expect(204);
  expect(await superusers()).toHaveLength(1);
});

test('of two superusers who demote or delete each other at once, one stays', async () => {
  for (const act of ['demote', 'erase', 'leave'] as const) {
    const other = await second();
    const pairs = [
      [root, other],
      [other, root],
    ] as const;
    const answers = await Promise.all(
      pairs.map(([actor, target]) => {
        const path = `${PREFIX}/admin/users/${target.username}`;
        if (act === 'demote') return actor.agent.patch(path).send({ is_superuser: false });
        if (act === 'erase') return actor.agent.delete(path);
        return leave(actor, actor.username === 'admin' ? api.env.ADMIN_PASSWORD : undefined);
      }),
    );
    expect(await superusers()).toHaveLength(1);
    for (const { status } of answers) expect([200, 204, 401, 403, 409]).toContain(status);
    if (!(await superusers()).some(({ id }) => id === String(root.id))) [root] = [other];
  }
});
