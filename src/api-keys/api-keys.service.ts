import { Injectable } from '@nestjs/common';
import { CallersService } from '../auth/access/callers.service.js';
import { AppConfig } from '../platform/config/app.config.js';
import type { Crud } from '../platform/database/crud/crud.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import { type Caller, holds } from '../platform/http/access/caller.js';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import { pageOf } from '../platform/http/lists/page-of.js';
import type { KeysetQuery } from '../platform/http/lists/pagination.js';
import { ValidationFailed } from '../platform/http/problems/http.errors.js';
import { AccountEvents } from '../users/accounts.events.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeysConfig } from './api-keys.config.js';
import {
  AnyApiKey,
  type AnyApiKeyList,
  type ApiKeyCreate,
  ApiKeyRead,
  type ApiKeyUpdate,
  type ApiKeyWithText,
} from './api-keys.dto.js';
import { PermissionNotYours, TooManyApiKeys } from './api-keys.errors.js';
import { hashOf, keyOf, newSecret, prefixOf } from './key-text.js';

// Who creates another at the same time waits.
const LOCK_OWNER = { name: 'api_key_owner', text: 'SELECT FROM "user" WHERE id = $1 FOR NO KEY UPDATE' };

// Keys that are over are kept for a while, but not ever more of them.
const FORGET_OLDEST = {
  name: 'api_key_forget_oldest',
  text: `DELETE FROM api_key WHERE id IN (
    SELECT id FROM api_key WHERE created_by_user_id = $1 AND (is_deleted OR expires_at <= now())
    ORDER BY id DESC OFFSET $2)`,
};

@Injectable()
export class ApiKeysService {
  constructor(
    @InjectCrud(ApiKey) private readonly keys: Crud<ApiKey>,
    private readonly callers: CallersService,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
    private readonly config: ApiKeysConfig,
    private readonly app: AppConfig,
    accounts: AccountEvents,
  ) {
    // As with sessions: who brings the account back, or takes it back, may not be who made the keys.
    const deleteAll = async (userId: number) => void (await this.keys.delete({ created_by_user_id: userId }));
    accounts.subscribe({ deleted: deleteAll, takenBack: deleteAll });
  }

  /** Throws `PermissionNotYours`, `TooManyApiKeys`, `ValidationFailed`. */
  create(caller: Caller, body: ApiKeyCreate): Promise<ApiKeyWithText> {
    requireFuture(body.expires_at);
    if (body.permissions?.some((name) => !holds(caller, name))) throw new PermissionNotYours();
    const { id: userId } = caller;
    const secret = newSecret();
    const values = { ...body, secret_hash: hashOf(secret), created_by_user_id: userId };
    return this.transactions.run(async () => {
      await this.sql.query({ ...LOCK_OWNER, values: [userId] });
      const created = await this.keys.create(values, ApiKeyRead);
      await this.requireRoom(userId);
      return { ...created, key: keyOf(prefixOf(this.app.APP_NAME), created.id, secret) };
    });
  }

  list(userId: number, query: KeysetQuery): Promise<NumberedPage<ApiKeyRead> | KeysetPage<ApiKeyRead>> {
    return pageOf(this.keys, { created_by_user_id: userId }, ApiKeyRead, query);
  }

  /** Those of everybody. */
  listAll(query: AnyApiKeyList): Promise<NumberedPage<AnyApiKey> | KeysetPage<AnyApiKey>> {
    return pageOf(this.keys, {}, AnyApiKey, query);
  }

  /** One of anybody. */
  readAny(id: number): Promise<AnyApiKey> {
    return this.keys.getOrThrow({ id }, AnyApiKey);
  }

  read(userId: number, id: number): Promise<ApiKeyRead> {
    return this.keys.getOrThrow({ id, created_by_user_id: userId }, ApiKeyRead);
  }

  rename(userId: number, id: number, changes: ApiKeyUpdate, ifMatch?: Precondition): Promise<ApiKeyRead> {
    const where = { id, created_by_user_id: userId };
    const seen = () => this.keys.getOrThrow(where, ApiKeyRead, { lock: true });
    return this.transactions.runIf(ifMatch, seen, () => this.keys.updateOrThrow(where, changes, ApiKeyRead));
  }

  /** Throws `ApiKeyNotFound`. */
  revoke(userId: number, id: number, ifMatch?: Precondition): Promise<void> {
    const where = { id, created_by_user_id: userId };
    return this.transactions.run(async () => {
      if (ifMatch) ifMatch(await this.keys.getOrThrow(where, ApiKeyRead, { lock: true }));
      await this.end(where);
    });
  }

  /** Revokes a key of anybody. Throws `ApiKeyNotFound`. */
  revokeAny(id: number, ifMatch?: Precondition): Promise<void> {
    return this.transactions.run(async () => {
      const key = await this.keys.getOrThrow({ id }, AnyApiKey, { lock: true });
      ifMatch?.(key);
      await this.end({ id, created_by_user_id: key.created_by_user_id });
    });
  }

  /** Everywhere at once. */
  private async end(where: { id: number; created_by_user_id: number }): Promise<void> {
    await this.keys.deleteOrThrow(where);
    await this.callers.changed(where.created_by_user_id);
  }

  private async requireRoom(userId: number): Promise<void> {
    const most = this.config.API_KEYS_MAX_PER_OWNER;
    const mine = { created_by_user_id: userId };
    const [endless, lasting] = [
      await this.keys.count({ ...mine, expires_at: null }),
      await this.keys.count({ ...mine, expires_at: { gt: new Date() } }),
    ];
    if (endless + lasting > most) throw new TooManyApiKeys();
    await this.sql.query({ ...FORGET_OLDEST, values: [userId, most] });
  }
}

function requireFuture(expires_at: Date | null | undefined): void {
  if (!expires_at || expires_at.getTime() > Date.now()) return;
  throw new ValidationFailed([{ field: 'expires_at', message: 'expires_at must be in the future' }]);
}
