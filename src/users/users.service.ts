import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { Transactions } from '../platform/database/transactions.js';
import { actorOf, type Caller } from '../platform/http/access/caller.js';
import type { Client } from '../platform/http/requests/client-info.js';
import { pageOf } from '../platform/http/lists/page-of.js';
import { RegistrationsLimit } from '../platform/limits/rates/registrations-limit.js';
import { audit } from '../platform/runtime/log/audit.js';
import { AccountEvents } from './accounts.events.js';
import { EmailsService } from './emails.service.js';
import { LastSuperuserService } from './last-superuser.service.js';
import { OwnerProof } from './owner-proof.service.js';
import { PasswordsService } from './passwords/passwords.service.js';
import { DEFAULT_PROFILE_IMAGE_URL, type NewUser, User } from './user.entity.js';
import {
  Account,
  type AccountList,
  type AccountUpdate,
  FullAccount,
  type OwnUpdate,
  Profile,
  type UserCreate,
  type UserList,
  type UserUpdate,
} from './users.dto.js';

@Injectable()
export class UsersService {
  constructor(
    @InjectCrud(User) private readonly users: Crud<User>,
    private readonly passwords: PasswordsService,
    private readonly moduleRef: ModuleRef,
    private readonly registrations: RegistrationsLimit,
    private readonly events: AccountEvents,
    private readonly transactions: Transactions,
    private readonly emails: EmailsService,
    private readonly lastSuperuser: LastSuperuserService,
  ) {}

  async register({ password, ...fields }: UserCreate, client: Client): Promise<Account> {
    this.passwords.requireAcceptable(password, [fields.username, fields.email]);
    await this.registrations.count(client.address);
    const hashed_password = await this.passwords.hash(password);
    return this.add({ ...fields, hashed_password }, client);
  }

  /** Adds the account of somebody whom perhaps another domain signs in, without a password. */
  add(values: NewUser, client: Client): Promise<Account> {
    return this.transactions.run(async () => {
      const account = await this.users.create(values, Account);
      if (!account.email_verified_at) await this.events.tell('emailGiven', account.id);
      this.transactions.afterCommit(() => audit('registered', { user_id: account.id, ...client }));
      return account;
    });
  }

  /** The account of a caller; null when it is no more. */
  account(id: number): Promise<Account | null> {
    return this.users.get({ id }, Account);
  }

  list(query: UserList): Promise<NumberedPage<Profile> | KeysetPage<Profile>> {
    return pageOf(this.users, {}, Profile, query);
  }

  profile(username: string): Promise<Profile> {
    return this.users.getOrThrow({ username }, Profile);
  }

  /** The id of the user who goes by that name. Throws `UserNotFound`. */
  async idOf(username: string): Promise<number> {
    return (await this.users.getOrThrow({ username }, ['id'] as const)).id;
  }

  /**
   * Changes the given fields, if the public profile is what the client has seen; a new e-mail address only for those who
   * know the password.
   */
  async updateOwn(
    caller: Caller,
    { current_password, ...changes }: OwnUpdate,
    client: Client,
    ifMatch?: Precondition,
  ): Promise<Account> {
    const { id, email } = caller;
    if (changes.email !== undefined && changes.email !== email) {
      await this.proof.require(caller, current_password, client, 'email_change_failed');
      await this.registrations.count(client.address);
    }
    const account = await this.update(id, changes, ifMatch);
    audit('account_changed', { ...actorOf(caller), fields: Object.keys(changes), ...client });
    return account;
  }

  /** Changes the picture of a user, who is locked until the open transaction ends; without an address to the default. */
  setPicture(id: number, profile_image_url = DEFAULT_PROFILE_IMAGE_URL): Promise<void> {
    return this.transactions.run(async () => {
      await this.users.updateOrThrow({ id }, { profile_image_url }, ['id']);
      await this.events.tell('changed', id);
    });
  }

  /**
   * Deletes the account, if the password is right and the public profile is what the client has seen. Its sessions are
   * gone for good, and its tasks cancelled. Throws `LastSuperuser`.
   */
  async deleteOwn(
    caller: Caller,
    current_password: string | undefined,
    client: Client,
    ifMatch?: Precondition,
  ): Promise<void> {
    const { id } = caller;
    await this.proof.require(caller, current_password, client, 'account_deletion_failed');
    await this.lastSuperuser.keep({ id }, async () => {
      if (ifMatch) ifMatch(await this.users.getOrThrow({ id }, Profile, { lock: true }));
      await this.users.deleteOrThrow({ id });
      await this.events.tell('deleted', id);
    });
    audit('account_deleted', { ...actorOf(caller), ...client });
  }

  /** Accounts for superusers, deleted or not. */
  accounts(query: AccountList): Promise<NumberedPage<FullAccount> | KeysetPage<FullAccount>> {
    return pageOf(this.users, {}, FullAccount, query, { deleted: 'include' });
  }

  fullAccount(username: string): Promise<FullAccount> {
    return this.users.getOrThrow({ username }, FullAccount, { deleted: 'include' });
  }

  /**
   * Changes the fields given, of a deleted account too, if the account is what the client has seen. Throws
   * `LastSuperuser`.
   */
  updateAccount(username: string, changes: AccountUpdate, ifMatch?: Precondition): Promise<FullAccount> {
    const deleted = 'include';
    return this.lastSuperuser.keep({ username }, async () => {
      const current = await this.users.getOrThrow({ username }, FullAccount, { deleted, lock: true });
      ifMatch?.(current);
      const account = await this.emails.changing(current.id, changes, { isOwner: false }, (values) =>
        this.users.updateOrThrow({ username }, values, FullAccount, { deleted }),
      );
      await this.events.tell('changed', account.id);
      return account;
    });
  }

  /**
   * Deletes the row, and with it everything that belongs to the user, if the account is what the client has seen. Throws
   * `LastSuperuser`.
   */
  erase(username: string, ifMatch?: Precondition): Promise<void> {
    return this.lastSuperuser.keep({ username }, async () => {
      const account = await this.users.getOrThrow({ username }, FullAccount, { deleted: 'include', lock: true });
      ifMatch?.(account);
      const { id } = account;
      await this.events.tell('purged', id);
      await this.users.dbDelete({ id });
    });
  }

  /** Brings an account back; one that is not deleted stays as it is. */
  restore(username: string): Promise<FullAccount> {
    return this.transactions.run(async () => {
      const restored = await this.users.restore({ username, is_deleted: true }, FullAccount);
      if (restored) await this.events.tell('restored', restored.id);
      return restored ?? this.fullAccount(username);
    });
  }

  private update(id: number, changes: UserUpdate, ifMatch?: Precondition): Promise<Account> {
    return this.transactions.run(async () => {
      if (ifMatch) ifMatch(await this.users.getOrThrow({ id }, Profile, { lock: true }));
      const account = await this.emails.changing(id, changes, { isOwner: true }, (values) =>
        this.users.updateOrThrow({ id }, values, Account),
      );
      await this.events.tell('changed', id);
      return account;
    });
  }

  /** Looked up when it is needed: nobody signs in to a worker, which may read accounts all the same. */
  private get proof(): OwnerProof {
    return this.moduleRef.get(OwnerProof, { strict: false });
  }
}
