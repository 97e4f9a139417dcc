import { created, type DomainFacts, type Scene } from '../support/route-facts.js';

export const webhook = { url: 'https://example.com/webhooks', events: ['webhook.disabled'] };

/** However many the user has. */
async function insertWebhook({ api, user }: Scene): Promise<number> {
  const [row] = await api.database.query<{ id: string }>(
    `INSERT INTO webhook (url, events, secret, created_by_user_id) VALUES ($1, $2, 'whsec_AAAA', $3) RETURNING id`,
    [webhook.url, webhook.events, user.id],
  );
  return Number(row!.id);
}

const DEAD = `UPDATE webhook_delivery SET status = 'dead' WHERE id = {delivery_id}`;

export const facts: DomainFacts = {
  // `webhooks` is a word of OpenAPI as well.
  names: /\bwebhook(?:_|\b)|\/webhooks\b|\bdelivery_(?:not_found|pending)\b|\btoo_many_deliveries\b/i,
  exported: {
    webhook: {
      list: 'webhooks',
      row: 'webhook_id',
      select: `SELECT id, url, events, is_disabled, disabled_reason, first_failed_at, created_at, updated_at
        FROM webhook WHERE created_by_user_id = $1`,
    },
    webhook_event: { none: 'tells of what other lists have' },
    webhook_delivery: { none: 'only says what was sent' },
  },
  statementsOfEvent: 1,
  rows: { webhook_id: insertWebhook, delivery_id: created('/webhooks/{webhook_id}/test', {}) },
  routes: {
    'POST /webhooks': { statements: 5, status: 201, body: webhook },
    'GET /webhooks': { statements: 2, lists: 'webhook_id' },
    'GET /webhooks/{webhook_id}': { statements: 1 },
    'PATCH /webhooks/{webhook_id}': { statements: 1, body: { ...webhook, is_disabled: false } },
    'DELETE /webhooks/{webhook_id}': { statements: 1, status: 204 },
    'POST /webhooks/{webhook_id}/rotate-secret': { statements: 4 },
    'POST /webhooks/{webhook_id}/test': { statements: 6, status: 202 },
    'GET /webhooks/{webhook_id}/deliveries': { statements: 3, lists: 'delivery_id' },
    'POST /webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver': { statements: 8, status: 202, before: DEAD },
    'POST /webhooks/{webhook_id}/recover': {
      statements: 6,
      status: 202,
      body: { since: '2026-11-29T09:30:00.000Z' },
      before: DEAD,
    },
  },
};
