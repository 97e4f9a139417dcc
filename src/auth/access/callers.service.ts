import { Injectable } from '@nestjs/common';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import { Notifications } from '../../platform/database/notifications.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { Caller } from '../../platform/http/access/caller.js';
import { AccountEvents } from '../../users/accounts.events.js';
import { UsersService } from '../../users/users.service.js';
import { Session } from '../sessions/session.entity.js';
import type { Holder, KeyHolder } from '../tokens/tokens.service.js';
import { AccessKeys, narrowed } from './access-keys.service.js';
import { LimitSources } from './limit-sources.service.js';
import { PermissionSources } from './permission-sources.service.js';
import { Restrictions } from './restrictions.service.js';

const CHANNEL = 'caller_changed';
// No id of a user.
const EVERYONE = 'everyone';
const MAX_CALLERS = 10_000;
// Bounds the delay of changes that bypass the application, such as SQL by hand.
const TRUST_MILLISECONDS = 60_000;

/** Whom a token or an access key names. */
type Named = Holder | KeyHolder;

interface Known {
  userId: number;
  caller: Promise<Caller | null>;
  until: number;
}

/**
 * Who the holders of tokens and access keys are now. Answers come from memory as long as every change of a caller is
 * heard of: a process that cannot listen asks the database each time.
 */
@Injectable()
export class CallersService {
  /** By session or access key; what is still loading is in it too, so that a change meanwhile drops it. */
  private readonly known = new Map<number | string, Known>();
  /** Whose answers go on, with what ends each of them. */
  private readonly watched = new Map<AbortController, Caller>();

  constructor(
    @InjectCrud(Session) private readonly sessions: Crud<Session>,
    private readonly notifications: Notifications,
    private readonly transactions: Transactions,
    private readonly users: UsersService,
    private readonly permissions: PermissionSources,
    private readonly accessKeys: AccessKeys,
    private readonly limits: LimitSources,
    private readonly restrictions: Restrictions,
    accounts: AccountEvents,
  ) {
    const changed = (userId: number) => this.changed(userId);
    accounts.subscribe({ changed, purged: changed, manyChanged: () => this.everyoneChanged() });
    notifications.subscribe(CHANNEL, {
      heard: (userId) => (userId === EVERYONE ? this.forgetAll() : this.forget(Number(userId))),
      missed: () => this.forgetAll(),
    });
  }

  /** The caller, or null when the session, the access key or the account has ended. */
  of(named: Named): Promise<Caller | null> {
    if (!this.notifications.isListening) return this.load(named);
    const known = this.known.get(keyOf(named));
    if (known && known.userId === named.userId && known.until > Date.now()) return known.caller;
    const caller = this.load(named);
    this.remember(named, caller);
    return caller;
  }

  /** Whether the session or the access key of a caller is still good, with the same rights. */
  async isStill(caller: Caller): Promise<boolean> {
    const { session_id: sessionId, access_key, id: userId } = caller;
    const now = await this.of(access_key ? { access_key, userId } : { sessionId: sessionId!, userId });
    if (!now || now.is_superuser !== caller.is_superuser || now.restriction !== caller.restriction) return false;
    return isSame(now.permissions, caller.permissions);
  }

  /**
   * Aborts `gone` when what the caller was let in by has ended or its rights have changed, as soon as this process hears
   * of it.
   */
  watch(caller: Caller, gone: AbortController): void {
    this.watched.set(gone, caller);
    gone.signal.addEventListener('abort', () => this.watched.delete(gone));
  }

  /**
   * Says that an account, or one of its sessions or access keys, has changed. When the open transaction commits, this
   * process forgets it at once, and every other one as soon as it hears of it.
   */
  async changed(userId: number): Promise<void> {
    await this.notifications.notify(CHANNEL, String(userId));
    this.transactions.afterCommit(() => this.forget(userId));
  }

  private async everyoneChanged(): Promise<void> {
    await this.notifications.notify(CHANNEL, EVERYONE);
    this.transactions.afterCommit(() => this.forgetAll());
  }

  private load(named: Named): Promise<Caller | null> {
    return 'access_key' in named ? this.loadByKey(named) : this.loadBySession(named);
  }

  private async loadByKey({ access_key, userId }: KeyHolder): Promise<Caller | null> {
    const [grant, owner] = await Promise.all([this.accessKeys.grantOf(access_key), this.owner(userId)]);
    return grant && owner && Object.freeze({ session_id: null, access_key, ...owner, ...narrowed(owner, grant) });
  }

  private async loadBySession({ sessionId, userId }: Holder): Promise<Caller | null> {
    const now = new Date();
    const live = { revoked_at: null, expires_at: { gt: now }, idle_expires_at: { gt: now } };
    const [isLive, owner] = await Promise.all([
      this.sessions.exists({ id: sessionId, user_id: userId, ...live }),
      this.owner(userId),
    ]);
    return isLive && owner ? Object.freeze({ session_id: sessionId, ...owner }) : null;
  }

  /** Who has the session or access key, with what the account may do and how often. */
  private async owner(userId: number): Promise<Omit<Caller, 'session_id'> | null> {
    const [account, permissions, limits] = await Promise.all([
      this.users.account(userId),
      this.permissions.of(userId),
      this.limits.of(userId),
    ]);
    return account && { ...account, permissions, limits, restriction: await this.restrictions.of(account) };
  }

  private remember(named: Named, caller: Promise<Caller | null>): void {
    const [key, { userId }] = [keyOf(named), named];
    this.known.delete(key);
    if (this.known.size >= MAX_CALLERS) this.known.delete(this.known.keys().next().value!);
    const known = { userId, caller, until: Date.now() + TRUST_MILLISECONDS };
    this.known.set(key, known);
    const drop = () => this.known.get(key) === known && this.known.delete(key);
    caller.then((found) => found ?? drop(), drop);
  }

  private forget(userId: number): void {
    for (const [key, known] of this.known) if (known.userId === userId) this.known.delete(key);
    for (const [gone, caller] of this.watched) if (caller.id === userId) void this.endUnlessStill(caller, gone);
  }

  private forgetAll(): void {
    this.known.clear();
    for (const [gone, caller] of this.watched) void this.endUnlessStill(caller, gone);
  }

  private async endUnlessStill(caller: Caller, gone: AbortController): Promise<void> {
    if (!(await this.isStill(caller).catch(() => false))) gone.abort();
  }
}

function isSame(one: ReadonlySet<unknown>, other: ReadonlySet<unknown>): boolean {
  return one.size === other.size && [...one].every((item) => other.has(item));
}

function keyOf(named: Named): number | string {
  return 'access_key' in named ? `${named.access_key.kind} ${named.access_key.id}` : named.sessionId;
}
