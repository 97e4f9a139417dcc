import { PREFIX } from '../support/api.js';
import { type Actor, created, type DomainFacts, type Scene } from '../support/route-facts.js';

export const role = { name: 'role{unique}', description: 'Reads accounts', permissions: ['users.read_any'] };

/** Another role that the user of the scene has. */
async function given(scene: Scene): Promise<number> {
  const { root, user, api } = scene;
  const path = `${PREFIX}/admin/users/${user.username}/roles`;
  const { body } = await root.agent.get(path).expect(200);
  const roles = [...(body as { roles: string[] }).roles, await newName(scene)];
  await root.agent.put(path).send({ roles }).expect(200);
  const [row] = await api.database.query<{ id: number }>(
    'SELECT id::int FROM role_holder WHERE user_id = $1 ORDER BY id DESC LIMIT 1',
    [user.id],
  );
  return row!.id;
}

async function newName(scene: Scene): Promise<string> {
  const id = await created('/admin/roles', role)(scene);
  return (await scene.root.agent.get(`${PREFIX}/admin/roles/${id}`).expect(200)).body.name as string;
}

/** A new user with one of the roles that the migration plants. */
const seeded =
  (name: string) =>
  async ({ api, root }: Scene): Promise<Actor> => {
    const { username, agent, token } = await api.signUp();
    await root.agent
      .put(`${PREFIX}/admin/users/${username}/roles`)
      .send({ roles: [name] })
      .expect(200);
    const { permissions } = (await agent.get(`${PREFIX}/users/me`).expect(200)).body as { permissions: string[] };
    return { token, permissions, hasSession: true };
  };

export const facts: DomainFacts = {
  names: /\/roles\b|\broles?_(?!of_holders)\w|\b(?:TABLE|FROM|INTO|UPDATE|JOIN) "?role\b/,
  exported: {
    role_holder: {
      list: 'roles',
      row: 'role_holder_id',
      select: `SELECT held.id, json_build_object('name', role.name, 'description', role.description) AS role,
          held.created_at
        FROM role_holder held JOIN role ON role.id = held.role_id WHERE held.user_id = $1`,
    },
  },
  rows: { role_id: created('/admin/roles', role), role_name: newName, role_holder_id: given },
  actors: { editor: seeded('editor'), support: seeded('support') },
  adds: { 'DELETE /users/{username}': 1 },
  routes: {
    'POST /admin/roles': { as: 'superuser', statements: 7, status: 201, body: role },
    'GET /admin/roles': { as: 'superuser', statements: 2, lists: 'role_id' },
    'GET /admin/roles/{role_id}': { as: 'superuser', statements: 1 },
    'PATCH /admin/roles/{role_id}': { as: 'superuser', statements: 8, body: role },
    'DELETE /admin/roles/{role_id}': { as: 'superuser', statements: 8, status: 204 },
    'GET /admin/users/{username}/roles': { as: 'superuser', statements: 2 },
    'PUT /admin/users/{username}/roles': { as: 'superuser', statements: 10, body: { roles: ['{role_name}'] } },
  },
};
