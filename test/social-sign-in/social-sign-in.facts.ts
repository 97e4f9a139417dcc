import type { DomainFacts } from '../support/route-facts.js';

const LINK = `INSERT INTO social_link (user_id, provider, issuer, subject)
  VALUES ($1, left(gen_random_uuid()::text, 20), 'https://accounts.example.com', gen_random_uuid()) RETURNING id::int`;

export const facts: DomainFacts = {
  names: /social|oidc/i,
  exported: {
    social_attempt: { none: 'what a sign-in at another site waits for, for minutes' },
    social_link: {
      list: 'social_links',
      row: 'link_id',
      select: 'SELECT id, provider, issuer, subject, created_at, updated_at FROM social_link WHERE user_id = $1',
    },
  },
  rows: {
    // Its authorization page is known without asking it.
    provider: () => Promise.resolve('github'),
    link_id: async ({ api, user }) => {
      const [row] = await api.database.query<{ id: number }>(LINK, [user.id]);
      return row!.id;
    },
  },
  routes: {
    'GET /auth/oidc': { statements: 0, as: 'nobody' },
    'GET /auth/oidc/{provider}': { statements: 1, as: 'nobody', status: 302 },
    'GET /auth/oidc/{provider}/callback': { statements: 0, as: 'nobody', status: 403 },
    'POST /auth/oidc/{provider}/link': {
      statements: 2,
      isForOthers: true,
      body: { redirect_to: '/welcome' },
      withoutIdempotency: 'each begins another attempt',
    },
    'GET /auth/links': { statements: 2, lists: 'link_id' },
    'DELETE /auth/links/{link_id}': { statements: 6, tells: 1, status: 204 },
  },
};
