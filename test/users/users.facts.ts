import { PASSWORD } from '../support/api.js';
import type { DomainFacts } from '../support/route-facts.js';

const account = {
  name: 'Grace Hopper',
  username: 'grace{unique}',
  email: 'grace{unique}@example.com',
  profile_image_url: 'https://example.com/g.png',
};

export const facts: DomainFacts = {
  rows: {
    username: ({ user }) => Promise.resolve(user.username),
    other_user_id: async (scene) => {
      const [row] = await scene.api.database.query<{ id: number }>(
        await scene.filled(`INSERT INTO "user" (name, username, email, hashed_password)
          VALUES ('Many', 'many{unique}', '{uuid}@example.com', '') RETURNING id::int`),
      );
      return row!.id;
    },
  },
  routes: {
    'POST /users': { statements: 4, status: 201, as: 'nobody', body: { ...account, password: PASSWORD } },
    'GET /users': { statements: 2, as: 'nobody', lists: 'other_user_id' },
    'GET /users/me': { statements: 0 },
    'GET /users/{username}': { statements: 1, as: 'nobody' },
    'PATCH /users/{username}': { statements: 9, tells: 1, body: { ...account, current_password: PASSWORD } },
    'DELETE /users/{username}': { statements: 12, status: 204, body: { current_password: PASSWORD } },
    'GET /admin/users': { statements: 2, as: 'superuser', lists: 'other_user_id' },
    'GET /admin/users/{username}': { statements: 1, as: 'superuser' },
    'PATCH /admin/users/{username}': { statements: 10, tells: 1, as: 'superuser', body: account },
    'DELETE /admin/users/{username}': { statements: 11, as: 'superuser', status: 204 },
    'POST /admin/users/{username}/restore': { statements: 6, as: 'superuser' },
  },
};
