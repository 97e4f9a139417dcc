import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import { AuthConfig } from './auth.config.js';

/** Hashes passwords with bcrypt on the thread pool. */
@Injectable()
export class PasswordsService {
  private dummy?: Promise<string>;

  constructor(private readonly config: AuthConfig) {}

  hash(password: string): Promise<string> {
    return bcrypt.hash(digest(password), this.config.BCRYPT_COST);
  }

  /** Compares in the same time whether there is a hash to compare with or not. */
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    this.dummy ??= this.hash('');
    const isSame = await bcrypt.compare(digest(password), hash ?? (await this.dummy));
    return isSame && hash !== undefined;
  }
}

/** bcrypt reads 72 bytes and stops at a NUL: it gets 64 characters that stand for the whole password. */
function digest(password: string): string {
  return createHmac('sha384', 'fast-nestjs-boilerplate/password').update(password).digest('base64');
}
