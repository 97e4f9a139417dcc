import { PASSWORD, PREFIX } from '../support/api.js';
import type { DomainFacts } from '../support/route-facts.js';
import { signIn } from '../support/sessions.js';

const OTHER_SESSION = `
  INSERT INTO auth_session (user_id, family_hash, token_hash, user_agent, ip, last_used_at, idle_expires_at, expires_at)
  VALUES ($1, gen_random_uuid(), 'token', '', '', now(), now() + '1 day', now() + '1 day') RETURNING id::int`;

export const facts: DomainFacts = {
  exported: {
    auth_session: {
      list: 'sessions',
      row: 'session_id',
      select: `SELECT id, created_at, updated_at, user_agent, ip, last_used_at, idle_expires_at, expires_at, revoked_at
        FROM auth_session WHERE user_id = $1`,
    },
  },
  rows: {
    refresh_token: async ({ api, user }) => (await signIn(api.program.url, user.username)).refresh_token,
    session_id: async ({ api, user }) => {
      await signIn(api.program.url, user.username);
      const { body } = await user.agent.get(`${PREFIX}/auth/sessions`).expect(200);
      return body.data[0].id as number;
    },
    other_session_id: async ({ api, user }) => {
      const [row] = await api.database.query<{ id: number }>(OTHER_SESSION, [user.id]);
      return row!.id;
    },
  },
  routes: {
    'POST /auth/login': {
      statements: 8,
      signsIn: true,
      as: 'nobody',
      body: { username: '{username}', password: PASSWORD },
    },
    'POST /auth/refresh': { statements: 4, as: 'nobody', body: { refresh_token: '{refresh_token}' } },
    'POST /auth/logout': { statements: 4, status: 204 },
    'POST /auth/logout-all': { statements: 4, status: 204 },
    'GET /auth/sessions': { statements: 2, lists: 'other_session_id' },
    'DELETE /auth/sessions/{session_id}': { statements: 4, status: 204 },
    'POST /auth/proof': { statements: 4, status: 204, body: { password: PASSWORD } },
    'POST /auth/password': {
      statements: 8,
      tells: 1,
      status: 204,
      body: { current_password: PASSWORD, new_password: 'Difference-Engine-1822' },
    },
  },
};
