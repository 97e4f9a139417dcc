import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import { ValidationFailed } from '../http/http.errors.js';
import { AuthConfig } from './auth.config.js';
import { COMMON_PASSWORDS } from './common-passwords.js';
import { HashQueue } from './hash-queue.js';

/** Hashes passwords with bcrypt on the thread pool, a few at once; all methods that hash may throw `TooBusy`. */
@Injectable()
export class PasswordsService {
  private dummy?: Promise<string>;

  constructor(
    private readonly config: AuthConfig,
    private readonly queue: HashQueue,
  ) {}

  hash(password: string): Promise<string> {
    return this.queue.run(() => bcrypt.hash(digest(password), this.config.BCRYPT_COST));
  }

  /** Compares in the same time whether there is a hash to compare with or not. */
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    const known = hash ?? (await (this.dummy ??= this.hash('')));
    const isSame = await this.queue.run(() => bcrypt.compare(digest(password), known));
    return isSame && hash !== undefined;
  }

  /** Whether a hash was made at another cost than the settings ask for now. */
  isOutdated(hash: string): boolean {
    return bcrypt.getRounds(hash) !== this.config.BCRYPT_COST;
  }

  /**
   * Refuses what an attacker would try first (NIST 800-63B-4, 3.1.1.2). Throws `ValidationFailed`.
   * @param names the user name and the e-mail address of the account
   */
  requireAcceptable(password: string, names: string[]): void {
    const lower = password.toLowerCase();
    const message = COMMON_PASSWORDS.has(lower)
      ? 'password is one of the most common ones'
      : names.some((name) => lower.includes(name.toLowerCase())) &&
        'password must not contain the user name or the e-mail';
    if (message) throw new ValidationFailed([{ field: 'password', message }]);
  }
}

/** bcrypt reads 72 bytes and stops at a NUL: it gets 64 characters that stand for the whole password. */
function digest(password: string): string {
  return createHmac('sha384', 'fast-nestjs-boilerplate/password').update(password).digest('base64');
}
