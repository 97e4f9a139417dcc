/** What accounts are made of for people whom a provider has signed in. */
import { randomInt } from 'node:crypto';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { RESERVED_USERNAMES } from '../users/user.entity.js';
import type { Person } from './providers/provider.js';
import { Newcomer } from './social-sign-in.dto.js';
import { EmailNeeded } from './social-sign-in.errors.js';

const NAME_LENGTH = 30;
const USERNAME_LENGTH = 20;
const SOMEBODY = 'user';
/** How many digits are tried behind a name that is taken: of thousands of the same name, few meet. */
const DIGITS = [0, 4, 6, 8];

/** Throws `EmailNeeded` if the provider gives no address that an account can have. */
export function newcomerOf({ email, name = '', nickname = '' }: Person): Newcomer {
  const names = [name, nickname, SOMEBODY].map((one) => [...one.trim()].slice(0, NAME_LENGTH).join('').trim());
  for (const one of names) {
    const newcomer = plainToInstance(Newcomer, { name: one, email });
    const wrong = validateSync(newcomer).map(({ property }) => property);
    if (wrong.includes('email')) break;
    if (wrong.length === 0) return newcomer;
  }
  throw new EmailNeeded();
}

/**
 * User names to try in turn. They are public, so they are never made of an e-mail address, which some providers give for a
 * nickname.
 */
export function* usernames(name: string): Generator<string> {
  const base = name.includes('@') ? '' : plain(name);
  for (const digits of DIGITS) {
    const tail = digits === 0 ? '' : String(randomInt(10 ** (digits - 1), 10 ** digits));
    const username = (base.length < 2 ? SOMEBODY : base).slice(0, USERNAME_LENGTH - digits) + tail;
    if (!RESERVED_USERNAMES.includes(username)) yield username;
  }
}

function plain(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
