import { Injectable } from '@nestjs/common';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { Notifications } from '../platform/database/notifications.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import { pageOf } from '../platform/http/lists/page-of.js';
import { type DeliveryList, DeliveryRead } from './deliveries.dto.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { DELIVERIES_PUT, WebhookOutbox } from './webhook-outbox.service.js';
import { WebhooksConfig } from './webhooks.config.js';
import { DeliveryPending, TooManyDeliveries } from './webhooks.errors.js';
import { WebhookTested } from './webhooks.events.js';
import { WebhooksService } from './webhooks.service.js';

const MOST_AT_ONCE = 1_000;

const AGAIN = `
  UPDATE webhook_delivery
  SET status = 'pending', reason = NULL, attempt_count = 0, next_attempt_at = now(), updated_at = now()`;
const REDELIVER = { name: 'webhook_redeliver', text: `${AGAIN} WHERE id = $1 AND status <> 'pending'` };
const RECOVER = {
  name: 'webhook_recover',
  text: `${AGAIN} WHERE id IN (
    SELECT id FROM webhook_delivery WHERE webhook_id = $1 AND status = 'dead' AND created_at >= $2 ORDER BY id LIMIT $3
  )`,
};

/** What webhooks are told, for their owners. */
@Injectable()
export class DeliveriesService {
  constructor(
    @InjectCrud(WebhookDelivery) private readonly deliveries: Crud<WebhookDelivery>,
    private readonly webhooks: WebhooksService,
    private readonly outbox: WebhookOutbox,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
    private readonly notifications: Notifications,
    private readonly config: WebhooksConfig,
  ) {}

  /** Throws `WebhookNotFound`. */
  async list(
    userId: number,
    webhookId: number,
    query: DeliveryList,
  ): Promise<NumberedPage<DeliveryRead> | KeysetPage<DeliveryRead>> {
    await this.webhooks.read(userId, webhookId);
    return pageOf(this.deliveries, { webhook_id: webhookId }, DeliveryRead, query);
  }

  /** Sends an event that only this webhook hears. Throws `WebhookNotFound`, `WebhookIsDisabled`, `TooManyDeliveries`. */
  test(userId: number, webhookId: number): Promise<DeliveryRead> {
    return this.transactions.run(async () => {
      await this.room(userId, webhookId);
      const [id] = await this.outbox.put(new WebhookTested({ webhook_id: webhookId }, userId), webhookId);
      return this.deliveries.getOrThrow({ id }, DeliveryRead);
    });
  }

  /**
   * Sends an event once more, delivered or not, with all its attempts. Throws `WebhookNotFound`, `WebhookIsDisabled`,
   * `DeliveryNotFound`, `DeliveryPending` and `TooManyDeliveries`.
   */
  redeliver(userId: number, webhookId: number, id: number): Promise<DeliveryRead> {
    return this.transactions.run(async () => {
      await this.room(userId, webhookId);
      const where = { id, webhook_id: webhookId };
      await this.deliveries.getOrThrow(where, ['id'] as const);
      if ((await this.sql.query({ ...REDELIVER, values: [id] })).rowCount === 0) throw new DeliveryPending();
      await this.notifications.notify(DELIVERIES_PUT, '');
      return this.deliveries.getOrThrow(where, DeliveryRead);
    });
  }

  /**
   * Sends again what is dead, the oldest first, as far as there is room for it.
   * Throws `WebhookNotFound`, `WebhookIsDisabled` and `TooManyDeliveries`.
   * @returns how many are sent again
   */
  recover(userId: number, webhookId: number, since: Date): Promise<number> {
    return this.transactions.run(async () => {
      const most = Math.min(await this.room(userId, webhookId), MOST_AT_ONCE);
      const { rowCount } = await this.sql.query({ ...RECOVER, values: [webhookId, since, most] });
      await this.notifications.notify(DELIVERIES_PUT, '');
      return rowCount!;
    });
  }

  /** How many more deliveries may wait; at least one. */
  private async room(userId: number, webhookId: number): Promise<number> {
    await this.webhooks.requireEnabled(userId, webhookId);
    const waiting = await this.deliveries.count({ webhook_id: webhookId, status: 'pending' });
    const room = this.config.WEBHOOK_MAX_PENDING - waiting;
    if (room <= 0) throw new TooManyDeliveries();
    return room;
  }
}
