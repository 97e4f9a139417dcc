import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type AccessKeyKind, AccessKeys, type Grant } from '../auth/access/access-keys.service.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { AccessKey } from '../platform/http/access/access-keys.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeyUses } from './api-key-uses.service.js';
import { hashOf, parseKey } from './key-text.js';

const KIND = 'api_key';
const HEADER = 'X-API-Key';
// What the secret of a key that does not exist is compared with: nothing has this hash.
const NO_HASH = '-'.repeat(hashOf('').length);

/** Lets programs in with their keys. */
@Injectable()
@AccessKey({
  kind: KIND,
  header: HEADER,
  description: 'A key of `POST /api-keys`; the scheme `bearer` takes it as well',
})
export class ApiKeyAccess implements AccessKeyKind {
  readonly kind = KIND;
  readonly header = HEADER.toLowerCase();

  constructor(
    @InjectCrud(ApiKey) private readonly keys: Crud<ApiKey>,
    private readonly uses: ApiKeyUses,
    accessKeys: AccessKeys,
  ) {
    accessKeys.subscribe(this);
  }

  recognises(text: string): boolean {
    return parseKey(text) !== undefined;
  }

  /** Costs the same whatever is wrong: one read of one row, and one comparison. */
  async find(text: string): ReturnType<AccessKeyKind['find']> {
    const { id, secret } = parseKey(text)!;
    const key = await this.keys.get({ id }, ['secret_hash', 'expires_at', 'created_by_user_id'] as const);
    const isRight = timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(key?.secret_hash ?? NO_HASH));
    if (!key || !isRight || !isCurrent(key)) return null;
    const holder = { userId: key.created_by_user_id, access_key: { kind: KIND, id } };
    return { holder, until: key.expires_at?.getTime() ?? Number.POSITIVE_INFINITY };
  }

  async grantOf(id: number): Promise<Grant | null> {
    const key = await this.keys.get({ id }, ['expires_at', 'permissions'] as const);
    return key && isCurrent(key) ? { permissions: key.permissions } : null;
  }

  used(id: number): void {
    this.uses.note(id);
  }
}

function isCurrent({ expires_at }: Pick<ApiKey, 'expires_at'>): boolean {
  return expires_at === null || expires_at.getTime() > Date.now();
}
