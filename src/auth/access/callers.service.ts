import { Injectable } from '@nestjs/common';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import { Notifications } from '../../platform/database/notifications.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { Caller } from '../../platform/http/access/caller.js';
import { AccountEvents } from '../../users/accounts.events.js';
import { UsersService } from '../../users/users.service.js';
import { Session } from '../sessions/session.entity.js';
import type { Holder } from '../tokens/tokens.service.js';
import { PermissionSources } from './permission-sources.service.js';

const CHANNEL = 'caller_changed';
// No id of a user.
const EVERYONE = 'everyone';
const MAX_CALLERS = 10_000;
// Bounds the delay of changes that bypass the application, such as SQL by hand.
const TRUST_MILLISECONDS = 60_000;

interface Known {
  userId: number;
  caller: Promise<Caller | null>;
  until: number;
}

/**
 * Who the holders of tokens are now. Answers come from memory as long as every change of a caller is heard of: a process
 * that cannot listen asks the database each time.
 */
@Injectable()
export class CallersService {
  /** By session id; what is still loading is in it too, so that a change meanwhile drops it. */
  private readonly known = new Map<number, Known>();
  /** Whose answers go on, with what ends each of them. */
  private readonly watched = new Map<AbortController, Caller>();

  constructor(
    @InjectCrud(Session) private readonly sessions: Crud<Session>,
    private readonly notifications: Notifications,
    private readonly transactions: Transactions,
    private readonly users: UsersService,
    private readonly permissions: PermissionSources,
    accounts: AccountEvents,
  ) {
    const changed = (userId: number) => this.changed(userId);
    accounts.subscribe({ changed, purged: changed, manyChanged: () => this.everyoneChanged() });
    notifications.subscribe(CHANNEL, {
      heard: (userId) => (userId === EVERYONE ? this.forgetAll() : this.forget(Number(userId))),
      missed: () => this.forgetAll(),
    });
  }

  /** The caller, or null when the session or the account has ended. */
  of(holder: Holder): Promise<Caller | null> {
    if (!this.notifications.isListening) return this.load(holder);
    const known = this.known.get(holder.sessionId);
    if (known && known.userId === holder.userId && known.until > Date.now()) return known.caller;
    const caller = this.load(holder);
    this.remember(holder, caller);
    return caller;
  }

  /** Whether the session of a caller goes on, with the same rights. */
  async isStill(caller: Caller): Promise<boolean> {
    const now = await this.of({ sessionId: caller.session_id, userId: caller.id });
    return now !== null && now.is_superuser === caller.is_superuser && isSame(now.permissions, caller.permissions);
  }

  /** Aborts `gone` when the caller's session has ended or its rights have changed, as soon as this process hears of it. */
  watch(caller: Caller, gone: AbortController): void {
    this.watched.set(gone, caller);
    gone.signal.addEventListener('abort', () => this.watched.delete(gone));
  }

  /**
   * Says that an account or one of its sessions has changed. When the open transaction commits, this process forgets it
   * at once, and every other one as soon as it hears of it.
   */
  async changed(userId: number): Promise<void> {
    await this.notifications.notify(CHANNEL, String(userId));
    this.transactions.afterCommit(() => this.forget(userId));
  }

  private async everyoneChanged(): Promise<void> {
    await this.notifications.notify(CHANNEL, EVERYONE);
    this.transactions.afterCommit(() => this.forgetAll());
  }

  private async load({ sessionId, userId }: Holder): Promise<Caller | null> {
    const now = new Date();
    const live = { revoked_at: null, expires_at: { gt: now }, idle_expires_at: { gt: now } };
    const [isLive, account, permissions] = await Promise.all([
      this.sessions.exists({ id: sessionId, user_id: userId, ...live }),
      this.users.account(userId),
      this.permissions.of(userId),
    ]);
    return isLive && account ? Object.freeze({ session_id: sessionId, ...account, permissions }) : null;
  }

  private remember({ sessionId, userId }: Holder, caller: Promise<Caller | null>): void {
    this.known.delete(sessionId);
    if (this.known.size >= MAX_CALLERS) this.known.delete(this.known.keys().next().value!);
    const known = { userId, caller, until: Date.now() + TRUST_MILLISECONDS };
    this.known.set(sessionId, known);
    const drop = () => this.known.get(sessionId) === known && this.known.delete(sessionId);
    caller.then((found) => found ?? drop(), drop);
  }

  private forget(userId: number): void {
    for (const [sessionId, known] of this.known) if (known.userId === userId) this.known.delete(sessionId);
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
