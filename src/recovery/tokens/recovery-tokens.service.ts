import { Injectable } from '@nestjs/common';
import { TooManyRequests } from '../../platform/http/problems/http.errors.js';
import { Sql } from '../../platform/database/sql.js';
import type { User } from '../../users/user.entity.js';
import { RecoveryConfig } from '../recovery.config.js';
import { InvalidLink } from '../recovery.errors.js';
import { boundTo, hashOf, lifetimeOf, newToken } from './purposes.js';
import type { Purpose } from './recovery-token.entity.js';

const HOUR = 3_600;
const DAY = 86_400;

type Account = Pick<User, 'id' | 'username' | 'email' | 'email_verified_at' | 'hashed_password'>;

/** A token that is good now, with the account as it is now. */
export interface GoodToken {
  id: number;
  purpose: Purpose;
  /** Where it went. */
  email: string;
  account: Account;
}

type Row = Omit<Account, 'id' | 'email'> & Omit<GoodToken, 'account'>;
type FoundRow = Row & { user_id: number; current_email: string; bound_to: string };

const COLUMNS = 'id, username, email, email_verified_at, hashed_password';
const LOCK = {
  name: 'recovery_lock',
  text: `SELECT ${COLUMNS} FROM "user" WHERE id = $1 AND NOT is_deleted FOR UPDATE`,
};
// In one order, so that two who want each other's address do not wait for each other.
const LOCK_HOLDERS = {
  name: 'recovery_lock_holders',
  text: `SELECT "user".id FROM "user", recovery_token WHERE token_hash = $1
      AND ("user".id = recovery_token.user_id OR "user".email = recovery_token.email)
    ORDER BY "user".id FOR UPDATE OF "user"`,
};
const LOCK_ADDRESS = {
  name: 'recovery_lock_address',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('recovery ' || $1, 0))`,
};
const SENT = {
  name: 'recovery_sent',
  text: `SELECT floor(extract(epoch FROM now() - created_at))::int AS age FROM recovery_token
    WHERE purpose = $1 AND (email = $2 OR user_id = $3) AND created_at > now() - interval '1 day'
    ORDER BY created_at DESC LIMIT $4`,
};
// The owner of a verified address gets it back however often a thief changes it after that.
const PUT = {
  name: 'recovery_put',
  text: `WITH older AS (
      UPDATE recovery_token SET ended_at = now(), updated_at = now()
      WHERE user_id = $1 AND purpose = $2 AND ended_at IS NULL AND (purpose <> 'revert' OR email = $3)
    ) INSERT INTO recovery_token (user_id, purpose, email, token_hash, bound_to, expires_at)
    VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 second')`,
};
const FIND = {
  name: 'recovery_find',
  text: `SELECT token.id, token.purpose, token.email, token.bound_to, account.id AS user_id, account.username,
      account.email AS current_email, account.email_verified_at, account.hashed_password
    FROM recovery_token AS token JOIN "user" AS account ON account.id = token.user_id
    WHERE token.token_hash = $1 AND token.purpose = ANY($2) AND token.ended_at IS NULL AND token.expires_at > now()
      AND NOT account.is_deleted`,
};
const END = {
  name: 'recovery_end',
  text: 'UPDATE recovery_token SET ended_at = now(), updated_at = now() WHERE id = $1 AND ended_at IS NULL',
};
const END_LATER = {
  name: 'recovery_end_later',
  text: `UPDATE recovery_token SET ended_at = now(), updated_at = now()
    WHERE user_id = $1 AND ended_at IS NULL AND (purpose <> 'revert' OR id > $2)`,
};

/** The tokens that mails carry. All but `find` run in the open transaction, in which the account is locked. */
@Injectable()
export class RecoveryTokens {
  constructor(
    private readonly sql: Sql,
    private readonly config: RecoveryConfig,
  ) {}

  /** The account, locked; undefined for one that is deleted. */
  async lock(userId: number): Promise<Account | undefined> {
    const { rows } = await this.sql.query<Account>({ ...LOCK, values: [userId] });
    return rows[0];
  }

  /**
   * Makes a token of a locked account, in place of the one before of that purpose. Throws `TooManyRequests` where too
   * many mails have been sent, unless they tell an owner of a change.
   */
  async issue(purpose: Purpose, account: Account, email: string): Promise<string> {
    if (purpose !== 'revert') await this.requireFew(purpose, account.id, email);
    const token = newToken();
    const values = [account.id, purpose, email, hashOf(token), boundTo(purpose, account), lifetimeOf(purpose)];
    await this.sql.query({ ...PUT, values });
    return token;
  }

  /** Throws `InvalidLink`. */
  async find(text: string, purposes: Purpose[]): Promise<GoodToken> {
    const { rows } = await this.sql.query<FoundRow>({ ...FIND, values: [hashOf(text), purposes] });
    const [row] = rows;
    if (!row) throw new InvalidLink();
    const { id, purpose, email, bound_to, user_id, current_email, ...rest } = row;
    const account = { ...rest, id: user_id, email: current_email };
    if (bound_to !== boundTo(purpose, account)) throw new InvalidLink();
    return { id, purpose, email, account };
  }

  /** Uses a token up. Of many at once, one does. Throws `InvalidLink`. */
  async use(text: string, purposes: Purpose[], userId?: number): Promise<GoodToken> {
    await this.sql.query({ ...LOCK_HOLDERS, values: [hashOf(text)] });
    const token = await this.find(text, purposes);
    if (userId !== undefined && token.account.id !== userId) throw new InvalidLink();
    await this.sql.query({ ...END, values: [token.id] });
    return token;
  }

  /** Ends all that came after a token, and all that lets somebody in. */
  async endLater({ id, account }: GoodToken): Promise<void> {
    await this.sql.query({ ...END_LATER, values: [account.id, id] });
  }

  private async requireFew(purpose: Purpose, userId: number, email: string): Promise<void> {
    const { RECOVERY_MAILS_PER_HOUR: perHour, RECOVERY_MAILS_PER_DAY: perDay } = this.config;
    await this.sql.query({ ...LOCK_ADDRESS, values: [email] });
    const values = [purpose, email, userId, Math.max(perHour, perDay)];
    const { rows } = await this.sql.query<{ age: number }>({ ...SENT, values });
    const left = (count: number, period: number) => period - (rows[count - 1]?.age ?? period);
    const wait = Math.max(left(perHour, HOUR), left(perDay, DAY));
    if (wait > 0) throw new TooManyRequests(wait);
  }
}
