import { Injectable } from '@nestjs/common';
import { CallersService } from '../auth/callers.service.js';
import { PasswordsService } from '../auth/passwords.service.js';
import { SessionsService } from '../auth/sessions.service.js';
import type { Precondition } from '../cache/preconditions.js';
import type { Crud, GetOptions, Selection } from '../database/crud.js';
import { InjectCrud } from '../database/database.module.js';
import type { KeysetPage, NumberedPage } from '../database/pages.js';
import type { Filter } from '../database/statement.js';
import { Transactions } from '../database/transactions.js';
import { type KeysetQuery, pageOf } from '../http/pagination.js';
import { Cancellations } from '../tasks/cancellations.service.js';
import { User } from './user.entity.js';
import {
  Account,
  type AccountUpdate,
  type AccountsQuery,
  FullAccount,
  Profile,
  type UserCreate,
  type UserUpdate,
} from './users.dto.js';
import { LastSuperuser, UserNotFound } from './users.errors.js';

// Any number does, as long as nobody else uses it.
const SUPERUSERS_LOCK = 7_401_884_022;

@Injectable()
export class UsersService {
  constructor(
    @InjectCrud(User) private readonly users: Crud<User>,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly callers: CallersService,
    private readonly cancellations: Cancellations,
    private readonly transactions: Transactions,
  ) {}

  async register({ password, ...account }: UserCreate): Promise<Account> {
    this.passwords.requireAcceptable(password, [account.username, account.email]);
    return this.users.create({ ...account, hashed_password: await this.passwords.hash(password) }, Account);
  }

  list(query: KeysetQuery, asOf?: number): Promise<NumberedPage<Profile> | KeysetPage<Profile>> {
    return pageOf(this.users, 'users', {}, Profile, query, { asOf });
  }

  profile(username: string, asOf?: number): Promise<Profile> {
    return this.find({ username }, Profile, { asOf });
  }

  /** The id of the user who goes by that name. Throws `UserNotFound`. */
  async idOf(username: string, asOf?: number): Promise<number> {
    return (await this.find({ username }, ['id'] as const, { asOf })).id;
  }

  /** Changes the fields given, if the public profile is what the client has seen. */
  update(id: number, changes: UserUpdate, ifMatch?: Precondition): Promise<Account> {
    return this.transactions.run(async () => {
      if (ifMatch) ifMatch(await this.find({ id }, Profile, { lock: true }));
      const account = found(await this.users.update({ id }, changes, Account));
      await this.callers.changed(id);
      return account;
    });
  }

  /**
   * Ends the sessions too, for good, and cancels tasks, if the public profile is what the client has seen. Throws
   * `LastSuperuser`.
   */
  delete(id: number, ifMatch?: Precondition): Promise<void> {
    return this.keepingASuperuser({ id }, async () => {
      if (ifMatch) ifMatch(await this.find({ id }, Profile, { lock: true }));
      if (!(await this.users.delete({ id }))) throw new UserNotFound();
      await this.sessions.endAll(id);
      await this.cancellations.cancelAllOf(id);
    });
  }

  /** Accounts for superusers: deleted ones too, unless the query says otherwise. */
  accounts({ deleted, ...query }: AccountsQuery): Promise<NumberedPage<FullAccount> | KeysetPage<FullAccount>> {
    const which = deleted === undefined ? 'include' : deleted ? 'only' : 'exclude';
    return pageOf(this.users, `accounts ${which}`, {}, FullAccount, query, { deleted: which });
  }

  fullAccount(username: string): Promise<FullAccount> {
    return this.find({ username }, FullAccount, { deleted: 'include' });
  }

  /**
   * Changes the fields given, of a deleted account too, if the account is what the client has seen. Throws
   * `LastSuperuser`.
   */
  updateAccount(username: string, changes: AccountUpdate, ifMatch?: Precondition): Promise<FullAccount> {
    const deleted = 'include';
    return this.keepingASuperuser({ username }, async () => {
      const current = await this.find({ username }, FullAccount, { deleted, lock: true });
      ifMatch?.(current);
      const account = found(await this.users.update({ username }, changes, FullAccount, { deleted }));
      await this.callers.changed(account.id);
      return account;
    });
  }

  /**
   * Deletes the row, and with it everything that belongs to the user, if the account is what the client has seen. Throws
   * `LastSuperuser`.
   */
  erase(username: string, ifMatch?: Precondition): Promise<void> {
    return this.keepingASuperuser({ username }, async () => {
      const account = await this.find({ username }, FullAccount, { deleted: 'include', lock: true });
      ifMatch?.(account);
      const { id } = account;
      await this.cancellations.cancelAllOf(id);
      await this.users.dbDelete({ id });
      await this.callers.changed(id);
    });
  }

  async restore(username: string): Promise<FullAccount> {
    return found(await this.users.restore({ username }, FullAccount));
  }

  /** Makes one such change at a time, in a transaction; a change to a superuser is undone if none is left. */
  private keepingASuperuser<T>(where: Filter<User>, change: () => Promise<T>): Promise<T> {
    return this.transactions.run(async () => {
      await this.transactions.manager.query('SELECT pg_advisory_xact_lock($1)', [SUPERUSERS_LOCK]);
      if (!(await this.users.exists({ ...where, is_superuser: true }))) return change();
      const result = await change();
      if (!(await this.users.exists({ is_superuser: true }))) throw new LastSuperuser();
      return result;
    });
  }

  private async find<T>(where: Filter<User>, as: Selection<User, T>, options: GetOptions = {}): Promise<T> {
    return found(await this.users.get(where, as, options));
  }
}

function found<T>(user: T | null): T {
  if (user === null) throw new UserNotFound();
  return user;
}
