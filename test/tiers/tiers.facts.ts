import { PREFIX } from '../support/api.js';
import { created, type DomainFacts, type Scene } from '../support/route-facts.js';

export const tier = { name: 'tier-{unique}', limits: [{ route: 'POST /api/v1/tasks', limit: 1_000, period: 60 }] };

async function giveTier(scene: Scene): Promise<void> {
  const path = `${PREFIX}/admin/users/${scene.user.username}/tier`;
  await scene.root.agent
    .put(path)
    .send({ tier_id: await scene.value('tier_id') })
    .expect(200);
}

export const facts: DomainFacts = {
  names: /\/tiers?\b|\btier_(?:holder|id)\b|DEFAULT_TIER/,
  exported: { tier_holder: { none: 'only says how many requests are answered' } },
  rows: { tier_id: created('/admin/tiers', tier) },
  routes: {
    'POST /admin/tiers': { as: 'superuser', statements: 2, status: 201, body: tier },
    'GET /admin/tiers': { as: 'superuser', statements: 2, lists: 'tier_id' },
    'GET /admin/tiers/{tier_id}': { as: 'superuser', statements: 1 },
    'PATCH /admin/tiers/{tier_id}': { as: 'superuser', statements: 6, body: tier },
    'DELETE /admin/tiers/{tier_id}': { as: 'superuser', statements: 5, status: 204 },
    'GET /admin/users/{username}/tier': { as: 'superuser', statements: 3, before: giveTier },
    'PUT /admin/users/{username}/tier': { as: 'superuser', statements: 7, body: { tier_id: '{tier_id}' } },
    'DELETE /admin/users/{username}/tier': { as: 'superuser', statements: 7, status: 204, before: giveTier },
  },
};
