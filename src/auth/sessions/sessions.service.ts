import { Injectable } from '@nestjs/common';
import type { Precondition } from '../../platform/http/caching/preconditions.js';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import { type NumberedPage, numberedPage } from '../../platform/database/crud/pages.js';
import type { Filter } from '../../platform/database/crud/filter.js';
import { Sql } from '../../platform/database/sql.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { Caller } from '../../platform/http/access/caller.js';
import type { Client } from '../../platform/http/requests/client-info.js';
import type { PageQuery } from '../../platform/http/lists/pagination.js';
import { audit } from '../../platform/runtime/log/audit.js';
import { AccountEvents } from '../../users/accounts.events.js';
import { AccountNotices } from '../../users/notices/account-notices.service.js';
import { AuthConfig } from '../auth.config.js';
import { SessionRead } from '../auth.dto.js';
import { InvalidRefreshToken, SessionNotFound } from '../auth.errors.js';
import { CallersService } from '../access/callers.service.js';
import { RefreshToken } from './refresh-token.js';
import { Session } from './session.entity.js';

const SECOND = 1000;
const DAY = 86_400 * SECOND;
const LONGEST = 30 * DAY;
// Two tabs of a browser may refresh at the same time.
const GRACE = 10 * SECOND;

/** A session with the refresh token that continues it until `idle_expires_at`. */
export interface OpenSession {
  id: number;
  user_id: number;
  refresh_token: string;
  idle_expires_at: Date;
  expires_at: Date;
}

const ROTATION = [
  'id',
  'user_id',
  'token_hash',
  'previous_token_hash',
  'sealed_token',
  'last_used_at',
  'idle_expires_at',
  'expires_at',
] as const;
type Rotation = Pick<Session, (typeof ROTATION)[number]>;

@Injectable()
export class SessionsService {
  constructor(
    @InjectCrud(Session) private readonly sessions: Crud<Session>,
    private readonly callers: CallersService,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
    private readonly config: AuthConfig,
    private readonly notices: AccountNotices,
    accounts: AccountEvents,
  ) {
    const removeAll = (userId: number) => this.removeAll(userId);
    const endAll = (userId: number) => this.endAll(userId);
    accounts.subscribe({ deleted: removeAll, restored: removeAll, regained: endAll, takenBack: endAll });
  }

  /** @param lifetime milliseconds until the session ends, however often it is used */
  async open(user_id: number, { address: ip, user_agent }: Client, lifetime = LONGEST): Promise<OpenSession> {
    const token = RefreshToken.create();
    const last_used_at = new Date();
    const expires_at = new Date(last_used_at.getTime() + lifetime);
    const idle_expires_at = this.idleExpiry(last_used_at, expires_at);
    const { id } = await this.sessions.create(
      {
        user_id,
        family_hash: token.familyHash,
        token_hash: token.hash,
        user_agent,
        ip,
        last_used_at,
        idle_expires_at,
        expires_at,
      },
      ['id'] as const,
    );
    return { id, user_id, refresh_token: token.toString(), idle_expires_at, expires_at };
  }

  /**
   * Takes a refresh token and gives the next one (RFC 9700, 4.14.2). Whoever shows one that was used before ends the
   * session: it may have been stolen. Throws `InvalidRefreshToken`.
   */
  async refresh(text: string, client: Client): Promise<OpenSession> {
    const token = RefreshToken.parse(text);
    const refreshed = token && (await this.transactions.run(() => this.rotate(token, client)));
    if (!refreshed) throw new InvalidRefreshToken();
    return refreshed;
  }

  /** Ends the session of the user that a refresh token belongs to, if it is one: its device has signed in anew. */
  async supersede(userId: number, text: string): Promise<void> {
    const family_hash = RefreshToken.parse(text)?.familyHash;
    const session = family_hash && (await this.sessions.get(live({ family_hash, user_id: userId }), ['id'] as const));
    if (session) await this.revoke(userId, { id: session.id });
  }

  /** The live sessions of a user, newest first. */
  async list(userId: number, query: PageQuery): Promise<NumberedPage<SessionRead>> {
    return numberedPage(this.sessions, live({ user_id: userId }), SessionRead, query);
  }

  /** Ends one session of a user. Throws `SessionNotFound`. */
  end(userId: number, id: number, ifMatch?: Precondition): Promise<void> {
    return this.transactions.run(async () => {
      if (!(await this.revoke(userId, { id }))) throw new SessionNotFound();
      ifMatch?.(undefined);
    });
  }

  /** Ends the session that a request was made in, unless another request has just done so. */
  async endOwn({ id: user_id, session_id }: Caller): Promise<void> {
    await this.revoke(user_id, { id: session_id! });
  }

  /** Ends all sessions of a user, but for one if it is given. */
  async endAll(userId: number, exceptId?: number): Promise<void> {
    await this.revoke(userId, { exceptId });
  }

  /** Ends all sessions of a user, and forgets them: where they came from, and with what. */
  private async removeAll(userId: number): Promise<void> {
    await this.sessions.dbDelete({ user_id: userId });
    await this.callers.changed(userId);
  }

  /** Runs in a transaction, as the row stays locked until the token is exchanged: of many at once, one rotates it. */
  private async rotate(token: RefreshToken, client: Client): Promise<OpenSession | undefined> {
    const session = await this.sessions.get<Rotation>(live({ family_hash: token.familyHash }), ROTATION, {
      lock: true,
    });
    if (!session) return undefined;
    const { id, user_id, expires_at } = session;
    if (session.token_hash === token.hash) return this.replace(token, session);
    if (session.previous_token_hash === token.hash && session.last_used_at.getTime() > Date.now() - GRACE) {
      const refresh_token = token.open(session.sealed_token!).toString();
      return { id, user_id, refresh_token, idle_expires_at: session.idle_expires_at, expires_at };
    }
    await this.end(user_id, id);
    await this.notices.tell(user_id, 'session_stolen', client);
    this.transactions.afterCommit(() => audit('refresh_token_reused', { user_id, session_id: id, ...client }));
    return undefined;
  }

  private async replace(token: RefreshToken, { id, user_id, expires_at }: Rotation): Promise<OpenSession> {
    const successor = token.successor();
    const last_used_at = new Date();
    const idle_expires_at = this.idleExpiry(last_used_at, expires_at);
    const changes = {
      token_hash: successor.hash,
      previous_token_hash: token.hash,
      sealed_token: token.seal(successor),
      last_used_at,
      idle_expires_at,
    };
    await this.sessions.update({ id }, changes, ['id']);
    return { id, user_id, refresh_token: successor.toString(), idle_expires_at, expires_at };
  }

  /** Revokes one session of a user, or all but one; says whether there was one. */
  private revoke(userId: number, { id, exceptId }: { id?: number; exceptId?: number }): Promise<boolean> {
    return this.transactions.run(async () => {
      const { rowCount } = await this.sql.query(
        `UPDATE auth_session SET revoked_at = now(), updated_at = now()
         WHERE user_id = $1 AND revoked_at IS NULL AND id = coalesce($2, id) AND id IS DISTINCT FROM $3`,
        [userId, id, exceptId],
      );
      await this.callers.changed(userId);
      return rowCount !== 0;
    });
  }

  private idleExpiry(from: Date, expires_at: Date): Date {
    const idle = from.getTime() + this.config.REFRESH_TOKEN_EXPIRE_DAYS * DAY;
    return new Date(Math.min(idle, expires_at.getTime()));
  }
}

function live(where: Filter<Session>): Filter<Session> {
  const now = new Date();
  return { ...where, revoked_at: null, idle_expires_at: { gt: now }, expires_at: { gt: now } };
}
