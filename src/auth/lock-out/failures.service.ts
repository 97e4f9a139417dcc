import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import { Sql } from '../../platform/database/sql.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { Device } from '../../platform/http/access/caller.js';
import type { Client } from '../../platform/http/requests/client-info.js';
import { TooManyRequests } from '../../platform/http/problems/http.errors.js';
import { audit } from '../../platform/runtime/log/audit.js';
import { AccountEvents } from '../../users/accounts.events.js';
import { AccountNotices } from '../../users/notices/account-notices.service.js';

/** How many wrong passwords are free, and how many seconds the delay, which doubles with each one more, grows to. */
const LIMITS = {
  /** For one account from one address. */
  pair: { free: 5, longest: 900 },
  /** For one account, over all addresses. */
  account: { free: 20, longest: 60 },
  /** For one address, whatever the account. */
  address: { free: 50, longest: 300 },
  /** For one account on a device that it knows, in place of all the above: what others do never keeps its owner out. */
  device: { free: 5, longest: 900 },
  /** For the second factors of one account, over all addresses: whoever shows them knows its password. */
  factor: { free: 5, longest: 900 },
  /** For the account of a session, in place of all the above. */
  session: { free: 5, longest: 900 },
};
type Kind = keyof typeof LIMITS;

const IPV6_NETWORK_BITS = 64;

/** Who shows a password, or what comes after it: a user if there is one of that canonical name, in a session or on a device that the user knows if that is so, from where. */
export interface Attempt {
  name: string;
  userId: number | undefined;
  sessionId?: number;
  device?: Device;
  /** Whether it is what comes after the password. */
  isFactor?: boolean;
  client: Client;
}

/** Counts wrong passwords in PostgreSQL, for all instances, and delays further attempts. */
@Injectable()
export class FailuresService {
  constructor(
    private readonly transactions: Transactions,
    private readonly sql: Sql,
    private readonly notices: AccountNotices,
    accounts: AccountEvents,
  ) {
    const forgetAll = (userId: number) => this.forgetAll(userId);
    accounts.subscribe({ regained: forgetAll, takenBack: forgetAll });
  }

  /** Throws `TooManyRequests` while a delay applies to the attempt. */
  async requirePatience(attempt: Attempt): Promise<void> {
    const { rows } = await this.sql.query<{ seconds: number | null }>(
      `SELECT ceil(extract(epoch FROM max(unblocked_at) - now()))::int AS seconds FROM auth_failure
       WHERE unblocked_at > now() AND key = ANY($1)`,
      [Object.values(keysOf(attempt))],
    );
    if (rows[0]?.seconds) throw new TooManyRequests(rows[0].seconds);
  }

  /** Counts a wrong password; after an hour without one, counting begins anew. */
  async add(attempt: Attempt): Promise<void> {
    const { userId: user_id, sessionId: session_id, client } = attempt;
    const keys = keysOf(attempt);
    const blocks = await this.transactions.run(async () => {
      const { rows } = await this.sql.query<{ key: string; failures: number }>(
        `INSERT INTO auth_failure AS f (key, failures, failed_at, unblocked_at)
         SELECT key, 1, now(), now() FROM unnest($1::varchar[]) AS key ORDER BY key
         ON CONFLICT (key) DO UPDATE SET failed_at = now(),
           failures = CASE WHEN f.failed_at < now() - interval '1 hour' THEN 1 ELSE f.failures + 1 END
         RETURNING key, failures`,
        [Object.values(keys)],
      );
      const delays = rows.map(({ key, failures }) => ({ key, ...delayOf(key, failures) }));
      await this.sql.query(
        `UPDATE auth_failure SET unblocked_at = now() + seconds * interval '1 second'
         FROM unnest($1::varchar[], $2::int[]) AS delay (key, seconds) WHERE auth_failure.key = delay.key`,
        [delays.map(({ key }) => key), delays.map(({ seconds }) => seconds)],
      );
      const delayed = delays.filter(({ seconds }) => seconds > 0);
      if (delayed.length > 0 && user_id !== undefined) await this.notices.tell(user_id, 'locked_out', client);
      return delayed;
    });
    for (const { kind, seconds } of blocks) audit('locked_out', { user_id, session_id, ...client, kind, seconds });
  }

  /** Forgets what was counted against an account or its device once its owner has signed in, and whatever is a day old. */
  async forget(attempt: Attempt): Promise<void> {
    const { address: _address, ...own } = keysOf(attempt);
    const keys = [...Object.values(own), factorKey(attempt)];
    await this.sql.query(`DELETE FROM auth_failure WHERE key = ANY($1) OR failed_at < now() - interval '1 day'`, [
      keys,
    ]);
  }

  /** Forgets what was counted against an account and its devices: the password that was tried is none any more. */
  private async forgetAll(userId: number): Promise<void> {
    const kinds = [`account ${userId}`, `pair ${userId} %`, `device ${userId} %`];
    await this.sql.query('DELETE FROM auth_failure WHERE key LIKE ANY($1)', [kinds]);
  }
}

/** Unknown names are counted too, so that they look like known ones; hashed, because some people type passwords there. */
function keysOf(attempt: Attempt): Partial<Record<Kind, string>> {
  const { name, userId, sessionId, device, client, isFactor } = attempt;
  if (sessionId !== undefined) return { session: `session ${userId} ${sessionId}` };
  if (device) return { device: `device ${userId} ${device.id}` };
  const who = userId ?? createHash('sha256').update(name).digest('base64url');
  const where = normalizeIp(client.address, IPV6_NETWORK_BITS);
  if (isFactor) return { factor: factorKey(attempt), address: `address ${where}` };
  return { pair: `pair ${who} ${where}`, account: `account ${who}`, address: `address ${where}` };
}

const factorKey = ({ userId }: Attempt) => `factor ${userId}`;

function delayOf(key: string, failures: number): { kind: Kind; seconds: number } {
  const kind = key.split(' ', 1)[0] as Kind;
  const { free, longest } = LIMITS[kind];
  return { kind, seconds: failures < free ? 0 : Math.min(longest, 2 ** (failures - free)) };
}
