import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/sql.js';
import { definitionOf, type DomainEvent } from '../platform/events/event.js';
import { Events } from '../platform/events/events.js';
import { SendsEvents } from '../platform/events/sends-events.js';
import { WebhooksConfig } from './webhooks.config.js';

export const DELIVERIES_PUT = 'webhook_deliveries_put';

// One statement, for one event: who hears of it, the event if anybody does, and a delivery to each. One webhook, $6, hears
// what is meant for it alone.
const PUT = `
  WITH heard AS MATERIALIZED (
    SELECT webhook.id FROM webhook JOIN "user" AS owner ON owner.id = created_by_user_id
    WHERE created_by_user_id = $4 AND NOT owner.is_deleted AND NOT is_disabled
      AND (webhook.id = $6 OR $6 IS NULL AND $2 = ANY(events))
    UNION
    SELECT webhook.id FROM "user" AS owner JOIN webhook ON created_by_user_id = owner.id
    WHERE owner.is_superuser AND NOT owner.is_deleted AND NOT is_disabled AND $6 IS NULL AND $2 = ANY(events)
  ), event AS (
    INSERT INTO webhook_event (message_id, type, payload, user_id)
    SELECT $1, $2, $3::json, $4 WHERE EXISTS (SELECT FROM heard) RETURNING id
  ), put AS (
    INSERT INTO webhook_delivery (webhook_id, event_id, status, reason, next_attempt_at)
    SELECT heard.id, event.id, CASE WHEN is_full THEN 'dead' ELSE 'pending' END,
      CASE WHEN is_full THEN 'too_many_pending' END, CASE WHEN NOT is_full THEN now() END
    FROM event CROSS JOIN heard CROSS JOIN LATERAL (
      SELECT count(*) >= $5 AS is_full FROM (
        SELECT FROM webhook_delivery WHERE webhook_id = heard.id AND status = 'pending' LIMIT $5
      ) AS first
    ) AS waiting
    RETURNING id, status
  ), told AS MATERIALIZED (SELECT pg_notify('${DELIVERIES_PUT}', '') FROM put WHERE status = 'pending' LIMIT 1)
  SELECT id FROM put LEFT JOIN told ON true`;

/** Writes down who is told of an event, in the transaction that makes it true. */
@Injectable()
@SendsEvents({
  'webhook-id': 'Tells repetitions of a message apart from other messages',
  'webhook-timestamp': 'When it was sent, in seconds since 1970',
  'webhook-signature': 'As https://www.standardwebhooks.com has it',
})
export class WebhookOutbox {
  constructor(
    private readonly sql: Sql,
    private readonly config: WebhooksConfig,
    events: Events,
  ) {
    events.subscribe((_, event) => this.put(event).then(() => undefined));
  }

  /**
   * @param webhookId the only webhook that is told, whatever events it hears
   * @returns the ids of the deliveries
   */
  async put(event: DomainEvent, webhookId: number | null = null): Promise<number[]> {
    const { name } = definitionOf(event);
    const message = `evt_${randomUUID().replaceAll('-', '')}`;
    const most = this.config.WEBHOOK_MAX_PENDING;
    const values = [message, name, JSON.stringify(event.payload), event.user_id, most, webhookId];
    const { rows } = await this.sql.query<{ id: number }>({ name: 'webhook_put', text: PUT, values });
    return rows.map(({ id }) => id);
  }
}
