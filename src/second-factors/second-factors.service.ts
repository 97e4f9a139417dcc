import { Injectable } from '@nestjs/common';
import { CallersService } from '../auth/access/callers.service.js';
import { WaysIn } from '../auth/sign-in/ways-in.service.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { type NumberedPage, numberedPage } from '../platform/database/crud/pages.js';
import type { Filter } from '../platform/database/crud/filter.js';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import { actorOf, type Caller } from '../platform/http/access/caller.js';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import type { PageQuery } from '../platform/http/lists/pagination.js';
import type { Client } from '../platform/http/requests/client-info.js';
import { audit } from '../platform/runtime/log/audit.js';
import { AccountNotices } from '../users/notices/account-notices.service.js';
import { UsersService } from '../users/users.service.js';
import { RecoveryCodesService } from './recovery-codes/recovery-codes.service.js';
import { SecondFactor } from './second-factor.entity.js';
import { SecondFactorRead, type SecondFactorUpdate } from './second-factors.dto.js';
import { TooManySecondFactors } from './second-factors.errors.js';

/** Of one account. */
export const MOST_FACTORS = 10;

const HAS = {
  name: 'second_factor_any',
  text: 'SELECT FROM second_factor WHERE user_id = $1 AND confirmed_at IS NOT NULL LIMIT 1',
};
// Who adds another at the same time waits.
const LOCK_OWNER = { name: 'second_factor_owner', text: 'SELECT FROM "user" WHERE id = $1 FOR NO KEY UPDATE' };

@Injectable()
export class SecondFactorsService {
  constructor(
    @InjectCrud(SecondFactor) private readonly factors: Crud<SecondFactor>,
    private readonly codes: RecoveryCodesService,
    private readonly users: UsersService,
    private readonly waysIn: WaysIn,
    private readonly callers: CallersService,
    private readonly notices: AccountNotices,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
  ) {
    waysIn.subscribe((user_id) => this.factors.exists({ user_id, kind: 'passkey' }));
  }

  /** Whether an account has one that counts. */
  async has(userId: number): Promise<boolean> {
    return (await this.sql.query({ ...HAS, values: [userId] })).rowCount !== 0;
  }

  /** How many authenticator apps count. */
  countApps(user_id: number): Promise<number> {
    return this.factors.count({ user_id, kind: 'totp', confirmed_at: { not: null } });
  }

  list(user_id: number, query: PageQuery): Promise<NumberedPage<SecondFactorRead>> {
    return numberedPage(this.factors, { user_id }, SecondFactorRead, query);
  }

  read(user_id: number, id: number): Promise<SecondFactorRead> {
    return this.factors.getOrThrow({ id, user_id }, SecondFactorRead);
  }

  rename(user_id: number, id: number, changes: SecondFactorUpdate, ifMatch?: Precondition): Promise<SecondFactorRead> {
    const where = { id, user_id };
    const seen = () => this.factors.getOrThrow(where, SecondFactorRead, { lock: true });
    return this.transactions.runIf(ifMatch, seen, () => this.factors.updateOrThrow(where, changes, SecondFactorRead));
  }

  /** With the last one, the recovery codes go. Throws `SecondFactorNotFound`, `LastWayIn`. */
  async remove(caller: Caller, id: number, client: Client, ifMatch?: Precondition): Promise<void> {
    const { id: user_id } = caller;
    await this.waysIn.keepOne(user_id, async () => {
      const factor = await this.factors.getOrThrow({ id, user_id }, SecondFactorRead, { lock: true });
      ifMatch?.(factor);
      await this.factors.dbDelete({ id, user_id });
      if (!(await this.has(user_id))) await this.codes.removeAll(user_id);
      await this.callers.changed(user_id);
      const { kind, name, confirmed_at } = factor;
      if (confirmed_at === null) return;
      await this.notices.tell(user_id, 'second_factor_removed', { name });
      this.transactions.afterCommit(() =>
        audit('second_factor_removed', { ...actorOf(caller), second_factor_id: id, kind, ...client }),
      );
    });
  }

  /** Takes all factors and recovery codes from a user, who has lost them. Throws `UserNotFound`. */
  async reset(caller: Caller, username: string, client: Client): Promise<void> {
    const user_id = await this.users.idOf(username);
    await this.transactions.run(async () => {
      await this.sql.query({ ...LOCK_OWNER, values: [user_id] });
      await this.factors.dbDelete({ user_id });
      await this.codes.removeAll(user_id);
      await this.callers.changed(user_id);
      await this.notices.tell(user_id, 'second_factors_reset');
      this.transactions.afterCommit(() =>
        audit('second_factors_reset', { ...actorOf(caller), of_user_id: user_id, ...client }),
      );
    });
  }

  /** Ten new codes, which are good for something beside a factor. */
  renewCodes(caller: Caller, client: Client): Promise<string[]> {
    return this.transactions.run(async () => {
      await this.sql.query({ ...LOCK_OWNER, values: [caller.id] });
      this.transactions.afterCommit(() => audit('recovery_codes_renewed', { ...actorOf(caller), ...client }));
      return this.codes.renew(caller.id);
    });
  }

  /** Makes one more, in place of those of that filter. Throws `TooManySecondFactors`. */
  add(values: Partial<SecondFactor> & { user_id: number }, instead?: Filter<SecondFactor>): Promise<SecondFactorRead> {
    const { user_id } = values;
    return this.transactions.run(async () => {
      await this.sql.query({ ...LOCK_OWNER, values: [user_id] });
      if (instead) await this.factors.dbDelete({ ...instead, user_id });
      if ((await this.factors.count({ user_id })) >= MOST_FACTORS) throw new TooManySecondFactors();
      return this.factors.create(values, SecondFactorRead);
    });
  }

  /** Tells of one that counts from now on. It joins the open transaction. */
  async confirmed(caller: Caller, { id, kind, name }: SecondFactorRead, client: Client): Promise<void> {
    await this.callers.changed(caller.id);
    await this.notices.tell(caller.id, 'second_factor_added', { name });
    this.transactions.afterCommit(() =>
      audit('second_factor_added', { ...actorOf(caller), second_factor_id: id, kind, ...client }),
    );
  }
}
