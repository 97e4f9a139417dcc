import { PREFIX, type User } from '../support/api.js';
import type { DomainFacts, Scene } from '../support/route-facts.js';

export const apiKey = { name: 'Nightly import', permissions: [], expires_at: '2099-01-31T09:30:00.000Z' };

const READ = 'users.read_any';

/** However many the user has. */
async function insertKey({ api, user }: Scene): Promise<number> {
  const [row] = await api.database.query<{ id: string }>(
    `INSERT INTO api_key (name, secret_hash, created_by_user_id) VALUES ('Import', 'none', $1) RETURNING id`,
    [user.id],
  );
  return Number(row!.id);
}

/** Of somebody, with all their rights unless permissions are given. */
async function keyOf({ agent }: User, permissions: string[] | null = null): Promise<string> {
  return (await agent.post(`${PREFIX}/api-keys`).send({ name: 'Import', permissions }).expect(201)).body.key as string;
}

async function promoted({ api, root }: Scene): Promise<User> {
  const user = await api.signUp();
  await root.agent.patch(`${PREFIX}/admin/users/${user.username}`).send({ is_superuser: true }).expect(200);
  return user;
}

export const facts: DomainFacts = {
  names: /\bapi[_-]key|\bapiKey|x-api-key/i,
  exported: {
    api_key: {
      list: 'api_keys',
      row: 'key_id',
      select: `SELECT id, name, permissions, expires_at, last_used_at, created_at, updated_at, is_deleted, deleted_at
        FROM api_key WHERE created_by_user_id = $1`,
    },
  },
  rows: { key_id: insertKey },
  actors: {
    'key of the owner': async ({ user }) => ({ token: await keyOf(user), isOwner: true }),
    'key of another user': async ({ api }) => ({ token: await keyOf(await api.signUp()) }),
    'key of a superuser': async (scene) => ({ token: await keyOf(await promoted(scene)), isSuperuser: true }),
    'narrowed key of a superuser': async (scene) => ({
      token: await keyOf(await promoted(scene), [READ]),
      permissions: [READ],
    }),
    'key of a superuser without permissions': async (scene) => ({ token: await keyOf(await promoted(scene), []) }),
  },
  adds: { 'DELETE /users/{username}': 1 },
  routes: {
    'POST /api-keys': {
      statements: 8,
      status: 201,
      body: apiKey,
      withoutIdempotency: 'its response has the key, of which nothing but a hash is stored',
    },
    'GET /api-keys': { statements: 2, lists: 'key_id' },
    'GET /api-keys/{key_id}': { statements: 1 },
    'PATCH /api-keys/{key_id}': { statements: 1, body: { name: 'Import' } },
    'DELETE /api-keys/{key_id}': { statements: 4, status: 204 },
    'GET /admin/api-keys': { statements: 2, as: 'superuser', lists: 'key_id' },
    'GET /admin/api-keys/{key_id}': { statements: 1, as: 'superuser' },
    'DELETE /admin/api-keys/{key_id}': { statements: 5, as: 'superuser', status: 204 },
  },
};
