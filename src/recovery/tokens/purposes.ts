/** What tokens are for, how long they are good, and what they are bound to. */
import { createHash, randomBytes } from 'node:crypto';
import type { User } from '../../users/user.entity.js';
import type { Purpose } from './recovery-token.entity.js';

const TOKEN_BYTES = 32;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type State = Pick<User, 'email' | 'hashed_password'>;

interface PurposeOptions {
  /** Seconds. */
  lifetime: number;
  /** What of the account must be the same when the token is used. */
  binds: (account: State) => (string | null)[];
}

const OPTIONS: Record<Purpose, PurposeOptions> = {
  verify: { lifetime: DAY, binds: ({ email }) => [email] },
  // Somebody else may have asked for it: a change of the password ends what they have begun.
  change: { lifetime: HOUR, binds: ({ email, hashed_password }) => [email, hashed_password] },
  reset: { lifetime: 30 * MINUTE, binds: ({ email, hashed_password }) => [email, hashed_password] },
  // Whatever a thief has changed since.
  revert: { lifetime: 7 * DAY, binds: () => [] },
};

export const lifetimeOf = (purpose: Purpose) => OPTIONS[purpose].lifetime;

export const boundTo = (purpose: Purpose, account: State) => hashOf(JSON.stringify(OPTIONS[purpose].binds(account)));

export const newToken = () => randomBytes(TOKEN_BYTES).toString('base64url');

/** Random bits need no slow hash: nobody can guess them. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
