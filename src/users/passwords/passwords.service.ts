import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import { ValidationFailed } from '../../platform/http/problems/http.errors.js';
import { COMMON_PASSWORDS } from './common-passwords.js';
import { HashQueue } from './hash-queue.js';
import { PasswordsConfig } from './passwords.config.js';

/** Hashes passwords with bcrypt on the thread pool. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly config: PasswordsConfig,
    private readonly queue: HashQueue,
  ) {}

  /** Hashes when its turn has come. Throws `TooBusy`. */
  hash(password: string): Promise<string> {
    return this.queue.run(() => bcrypt.hash(digest(canonical(password)), this.config.BCRYPT_COST));
  }

  /**
   * Compares when its turn has come, in the same time whether there is a hash to compare with or not. Throws `TooBusy`.
   * @param before runs first in that turn, and may refuse by throwing
   * @param wrong runs last in that turn, when the password is wrong
   */
  verify(
    password: string,
    hash: string | null | undefined,
    { before, wrong }: { before: () => Promise<void>; wrong: () => Promise<void> },
  ): Promise<boolean> {
    return this.queue.run(async () => {
      await before();
      const isSame = await this.isAnyOf(formsOf(password), hash ?? this.hashOfNothing);
      if (isSame && hash) return true;
      await wrong();
      return false;
    });
  }

  /** Whether a hash was made at another cost than the settings ask for now. */
  isOutdated(hash: string): boolean {
    return bcrypt.getRounds(hash) !== this.config.BCRYPT_COST;
  }

  /**
   * Refuses what an attacker would try first (NIST 800-63B-4, 3.1.1.2). Throws `ValidationFailed`.
   * @param names the user name and the e-mail address of the account
   * @param field the field that the password came in
   */
  requireAcceptable(password: string, names: string[], field = 'password'): void {
    const lower = canonical(password).toLowerCase();
    const message = COMMON_PASSWORDS.has(lower)
      ? `${field} is one of the most common passwords`
      : names.some((name) => lower.includes(name.toLowerCase())) &&
        `${field} must not contain the user name or the e-mail address`;
    if (message) throw new ValidationFailed([{ field, message }]);
  }

  private async isAnyOf(forms: string[], hash: string): Promise<boolean> {
    for (const form of forms) if (await bcrypt.compare(digest(form), hash)) return true;
    return false;
  }

  /** Has the form and the cost of a hash, but no password is known to give it. */
  private get hashOfNothing(): string {
    return bcrypt.genSaltSync(this.config.BCRYPT_COST) + '.'.repeat(31);
  }
}

/** Keyboards differ in how they send the same characters (NIST 800-63B-4, 3.1.1.2). */
function canonical(password: string): string {
  return password.normalize('NFC');
}

/** Hashes from before normalisation may be of the text as typed. */
function formsOf(password: string): string[] {
  return [...new Set([canonical(password), password])];
}

/** bcrypt reads 72 bytes and stops at a NUL: it gets 64 characters that stand for the whole password. */
function digest(password: string): string {
  return createHmac('sha384', 'password').update(password).digest('base64');
}
