import { Injectable } from '@nestjs/common';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import type { Crud } from '../platform/database/crud/crud.js';
import type { Filter } from '../platform/database/crud/filter.js';
import { InjectCrud } from '../platform/database/database.module.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import { pageOf } from '../platform/http/lists/page-of.js';
import type { KeysetQuery } from '../platform/http/lists/pagination.js';
import { newSecret } from './secrets.js';
import { Webhook } from './webhook.entity.js';
import { WebhooksConfig } from './webhooks.config.js';
import { type WebhookCreate, WebhookRead, type WebhookUpdate, WebhookWithSecret } from './webhooks.dto.js';
import { TooManyWebhooks, WebhookIsDisabled } from './webhooks.errors.js';

const DAY_MILLISECONDS = 86_400_000;
// Who creates another at the same time waits.
const LOCK_OWNER = { name: 'webhook_owner', text: 'SELECT FROM "user" WHERE id = $1 FOR NO KEY UPDATE' };

/** Webhooks are private: every read and write names the user whose webhook it must be. */
@Injectable()
export class WebhooksService {
  constructor(
    @InjectCrud(Webhook) private readonly webhooks: Crud<Webhook>,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
    private readonly config: WebhooksConfig,
  ) {}

  /** Throws `TooManyWebhooks`. */
  create(userId: number, body: WebhookCreate): Promise<WebhookWithSecret> {
    return this.transactions.run(async () => {
      await this.sql.query({ ...LOCK_OWNER, values: [userId] });
      const values = { ...body, secret: newSecret(), created_by_user_id: userId };
      const webhook = await this.webhooks.create(values, WebhookWithSecret);
      const owned = await this.webhooks.count({ created_by_user_id: userId });
      if (owned > this.config.WEBHOOKS_MAX_PER_OWNER) throw new TooManyWebhooks();
      return webhook;
    });
  }

  list(userId: number, query: KeysetQuery): Promise<NumberedPage<WebhookRead> | KeysetPage<WebhookRead>> {
    return pageOf(this.webhooks, { created_by_user_id: userId }, WebhookRead, query);
  }

  read(userId: number, id: number): Promise<WebhookRead> {
    return this.webhooks.getOrThrow({ id, created_by_user_id: userId }, WebhookRead);
  }

  /** Throws `WebhookNotFound`, `WebhookIsDisabled`. */
  async requireEnabled(userId: number, id: number): Promise<void> {
    if ((await this.read(userId, id)).is_disabled) throw new WebhookIsDisabled();
  }

  /** A new address, or one that is enabled again, has everything before it. */
  update(userId: number, id: number, changes: WebhookUpdate, ifMatch?: Precondition): Promise<WebhookRead> {
    const where = { id, created_by_user_id: userId };
    const values = {
      ...changes,
      ...(changes.url !== undefined && { proven_at: null }),
      ...(changes.is_disabled === true && { disabled_reason: 'owner' as const }),
      ...(changes.is_disabled === false && { disabled_reason: null, first_failed_at: null, last_failed_at: null }),
    };
    return this.conditionally(where, ifMatch, () => this.webhooks.updateOrThrow(where, values, WebhookRead));
  }

  /** With the deliveries to it. */
  delete(userId: number, id: number, ifMatch?: Precondition): Promise<void> {
    const where = { id, created_by_user_id: userId };
    return this.conditionally(where, ifMatch, () => this.webhooks.deleteOrThrow(where));
  }

  /** A new secret; for a day, the one before signs as well. */
  rotateSecret(userId: number, id: number): Promise<WebhookWithSecret> {
    const where = { id, created_by_user_id: userId };
    return this.transactions.run(async () => {
      const { secret } = await this.webhooks.getOrThrow(where, ['secret'] as const, { lock: true });
      const previous = {
        previous_secret: secret,
        previous_secret_ends_at: new Date(Date.now() + DAY_MILLISECONDS),
      };
      return this.webhooks.updateOrThrow(where, { ...previous, secret: newSecret() }, WebhookWithSecret);
    });
  }

  /** Makes the change only if the webhook is what the client has seen. */
  private conditionally<T>(where: Filter<Webhook>, ifMatch: Precondition | undefined, change: () => Promise<T>) {
    return this.transactions.runIf(ifMatch, () => this.webhooks.getOrThrow(where, WebhookRead, { lock: true }), change);
  }
}
