import { Injectable } from '@nestjs/common';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import { canonicalEmail } from '../../platform/http/validation/emails.js';
import { User } from '../user.entity.js';

const CREDENTIALS = ['id', 'username', 'email', 'is_superuser', 'hashed_password'] as const;
export type Credentials = Pick<User, (typeof CREDENTIALS)[number]>;

/** What accounts are signed in to with. */
@Injectable()
export class CredentialsService {
  constructor(@InjectCrud(User) private readonly users: Crud<User>) {}

  /** Those of a user name or an e-mail address in whatever form, and the one form of it. */
  async find(name: string): Promise<{ canonical: string; user: Credentials | null }> {
    const isEmail = name.includes('@');
    const canonical = isEmail ? canonicalEmail(name) : name.toLowerCase();
    const where = isEmail ? { email: canonical } : { username: canonical };
    return { canonical, user: await this.users.get<Credentials>(where, CREDENTIALS) };
  }

  of(id: number): Promise<Credentials | null> {
    return this.users.get<Credentials>({ id }, CREDENTIALS);
  }

  /** The same, kept until the open transaction ends. */
  lock(id: number): Promise<Credentials | null> {
    return this.users.get<Credentials>({ id }, CREDENTIALS, { lock: true });
  }

  /** Says whether the password of an account is still the same, and keeps it until the open transaction ends. */
  async hold({ id, hashed_password }: Credentials): Promise<boolean> {
    return (await this.users.get({ id, hashed_password }, ['id'], { lock: true })) !== null;
  }

  /** Says whether it has: not when the password has changed meanwhile. One that had none gets its first. */
  async replacePassword(
    { id, hashed_password: old }: Pick<Credentials, 'id' | 'hashed_password'>,
    hashed_password: string,
  ): Promise<boolean> {
    return (await this.users.update({ id, hashed_password: old }, { hashed_password }, ['id'])) !== null;
  }
}
