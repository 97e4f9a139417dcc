import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import { audit } from '../platform/runtime/log/audit.js';
import { AccountEvents } from './accounts.events.js';
import { AccountNotices } from './notices/account-notices.service.js';
import { User } from './user.entity.js';
import type { UserUpdate } from './users.dto.js';
import { EmailTaken } from './users.errors.js';

/** A host that nobody can have (RFC 2606, 2): the part before it is random, so that nobody registers with it first. */
const NOWHERE = '@account.invalid';

// In one order, so that two who want each other's address do not wait for each other.
const LOCK_BOTH = {
  name: 'lock_holders_of_email',
  text: 'SELECT id, email_verified_at FROM "user" WHERE id = $1 OR email = $2 ORDER BY id FOR UPDATE',
};

/** The e-mail addresses of accounts, and who has proved to read what is sent there. */
@Injectable()
export class EmailsService {
  constructor(
    @InjectCrud(User) private readonly users: Crud<User>,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
    private readonly events: AccountEvents,
    private readonly notices: AccountNotices,
  ) {}

  /**
   * Makes `email` the verified address of an account whose owner has proved it. Whoever has it unverified loses it. Throws
   * `EmailTaken` where another account has it verified, and `UserNotFound`.
   */
  async prove(userId: number, email: string): Promise<void> {
    await this.transactions.run(async () => {
      const { rows } = await this.sql.query<Pick<User, 'id' | 'email_verified_at'>>({
        ...LOCK_BOTH,
        values: [userId, email],
      });
      const other = rows.find(({ id }) => id !== userId);
      if (other?.email_verified_at) throw new EmailTaken();
      if (other) await this.takeFrom(other.id);
      await this.users.updateOrThrow({ id: userId }, { email, email_verified_at: new Date() }, ['id']);
      await this.events.tell('changed', userId);
    });
  }

  /**
   * Runs, in a transaction, a change of an account that may bring another address, which then is unverified.
   * @param isOwner who changes it can't replace a verified address where another domain sees to it that the new one is
   * confirmed first: throws `EmailNeedsConfirmation`
   */
  async changing<T, C extends UserUpdate>(
    id: number,
    changes: C,
    { isOwner }: { isOwner: boolean },
    change: (values: C & { email_verified_at?: null }) => Promise<T>,
  ): Promise<T> {
    if (changes.email === undefined) return change(changes);
    const where = { deleted: 'include', lock: true } as const;
    const current = await this.users.getOrThrow({ id }, ['email', 'email_verified_at'] as const, where);
    if (current.email === changes.email) return change(changes);
    if (isOwner && current.email_verified_at) await this.events.tell('verifiedEmailLeaving', id);
    // While it still is the address that is told.
    await this.notices.tell(id, 'email_changed');
    const changed = await change({ ...changes, email_verified_at: null });
    await this.events.tell('emailGiven', id);
    return changed;
  }

  /** Whether an account has lost its address to somebody who has proved it. */
  isLost({ email }: Pick<User, 'email'>): boolean {
    return email.endsWith(NOWHERE);
  }

  /** Its owner has to choose another, and may sign in by user name until then. */
  private async takeFrom(id: number): Promise<void> {
    const values = { email: `${randomUUID()}${NOWHERE}`, email_verified_at: null };
    await this.users.updateOrThrow({ id }, values, ['id'], { deleted: 'include' });
    await this.events.tell('changed', id);
    this.transactions.afterCommit(() => audit('email_lost', { user_id: id }));
  }
}
