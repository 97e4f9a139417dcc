import { Injectable, Logger } from '@nestjs/common';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import { Sql } from '../../platform/database/sql.js';
import { Transactions } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import type { AttemptRecord, DeliveryStatus } from '../webhook-delivery.entity.js';
import { type DisabledReason, Webhook } from '../webhook.entity.js';
import { WebhookRead } from '../webhooks.dto.js';
import { WebhookDisabled } from '../webhooks.events.js';
import type { DueDelivery } from './due-deliveries.service.js';
import { WebhookMetrics } from './webhook-metrics.service.js';

/** What has become of a delivery. */
export interface Settlement {
  status: DeliveryStatus;
  /** Why it is dead. */
  reason?: string;
  /** Unless it was not even tried. */
  attempt?: AttemptRecord;
  /** Seconds until the next attempt. */
  wait?: number;
  /** Whether the endpoint has said that it is gone. */
  isGone?: boolean;
}

const GONE_AFTER = '5 days';
// A webhook that answers later than this shares its half of the places with those that fail.
const PROMPT_MILLISECONDS = 3_000;
const KEPT_ATTEMPTS = 20;

// Whoever has lost the lease settles nothing. The webhook is written only where it changes.
const SETTLE = `
  WITH settled AS (
    UPDATE webhook_delivery SET status = $3::text, reason = $4, lease_ends_at = NULL, updated_at = now(),
      next_attempt_at = CASE WHEN $3::text = 'pending' THEN now() + make_interval(secs => $5) END,
      attempt_count = attempt_count + CASE WHEN $6::jsonb IS NULL THEN 0 ELSE 1 END,
      attempts = CASE WHEN $6::jsonb IS NULL THEN attempts
        WHEN jsonb_array_length(attempts) < ${KEPT_ATTEMPTS} THEN attempts || $6::jsonb
        ELSE attempts - 0 || $6::jsonb END
    WHERE id = $1 AND lease_ends_at = $2::timestamptz RETURNING webhook_id
  ), judged AS (
    UPDATE webhook SET
      first_failed_at = CASE WHEN NOT $7 THEN coalesce(first_failed_at, now()) END,
      last_failed_at = CASE WHEN NOT $7 THEN now() END,
      proven_at = CASE WHEN NOT $7 THEN proven_at WHEN $8 THEN coalesce(proven_at, now()) END
    WHERE id = (SELECT webhook_id FROM settled) AND $6::jsonb IS NOT NULL
      AND NOT ($7 AND first_failed_at IS NULL AND (proven_at IS NOT NULL) = $8)
    RETURNING first_failed_at <= now() - interval '${GONE_AFTER}' AS has_failed_long
  )
  SELECT coalesce((SELECT has_failed_long FROM judged), false) AS has_failed_long FROM settled`;

/** Writes down what has become of deliveries, and what that says of their webhooks. */
@Injectable()
export class Settlements {
  private readonly logger = new Logger(Settlements.name);

  constructor(
    @InjectCrud(Webhook) private readonly webhooks: Crud<Webhook>,
    private readonly sql: Sql,
    private readonly transactions: Transactions,
    private readonly events: Events,
    private readonly metrics: WebhookMetrics,
  ) {}

  async settle(due: DueDelivery, settlement: Settlement): Promise<void> {
    if (settlement.status === 'delivered') {
      await this.write(due, settlement);
    } else {
      await this.transactions.run(async () => {
        const hasFailedLong = await this.write(due, settlement);
        if (hasFailedLong === undefined) return;
        if (settlement.isGone) await this.disable(due.webhook_id, 'gone');
        else if (hasFailedLong) await this.disable(due.webhook_id, 'failing');
      });
    }
  }

  /** Says whether the webhook has failed for days, or undefined if the delivery is somebody else's by now. */
  private async write({ id, lease }: DueDelivery, settlement: Settlement): Promise<boolean | undefined> {
    const { status, reason = null, attempt, wait = null } = settlement;
    const isPrompt = attempt !== undefined && attempt.duration_ms <= PROMPT_MILLISECONDS;
    const attempts = attempt ? JSON.stringify([attempt]) : null;
    const values = [id, lease, status, reason, wait, attempts, status === 'delivered', isPrompt];
    const { rows } = await this.sql.query<{ has_failed_long: boolean }>({
      name: 'webhook_settle',
      text: SETTLE,
      values,
    });
    if (rows[0]) this.transactions.afterCommit(() => this.metrics.settled(status));
    return rows[0]?.has_failed_long;
  }

  private async disable(id: number, reason: DisabledReason): Promise<void> {
    const values = { is_disabled: true, disabled_reason: reason };
    const webhook = await this.webhooks.update({ id, is_disabled: false }, values, WebhookRead);
    if (!webhook) return;
    const { created_by_user_id: owner } = await this.webhooks.getOrThrow({ id }, ['created_by_user_id'] as const);
    await this.events.publish(new WebhookDisabled(webhook, owner));
    this.transactions.afterCommit(() => {
      this.metrics.disabled(reason);
      this.logger.warn(`webhook ${id} of user ${owner} was disabled: ${reason}`);
    });
  }
}
