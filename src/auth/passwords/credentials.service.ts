import { Injectable } from '@nestjs/common';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import type { Caller } from '../../platform/http/access/caller.js';
import type { Client } from '../../platform/http/requests/client.js';
import { canonicalEmail } from '../../platform/http/fields/emails.js';
import { audit, type AuditEvent } from '../../platform/runtime/log/audit.js';
import { User } from '../../users/user.entity.js';
import { WrongPassword } from '../auth.errors.js';
import { type Attempt, FailuresService } from '../lock-out/failures.service.js';
import { PasswordsService } from './passwords.service.js';

const CREDENTIALS = ['id', 'username', 'email', 'is_superuser', 'hashed_password'] as const;
export type Credentials = Pick<User, (typeof CREDENTIALS)[number]>;

/** Checks passwords of accounts, and counts wrong ones. */
@Injectable()
export class CredentialsService {
  constructor(
    @InjectCrud(User) private readonly users: Crud<User>,
    private readonly passwords: PasswordsService,
    private readonly failures: FailuresService,
  ) {}

  /** The account of a user name or an e-mail address in whatever form, and the form that it is counted in. */
  async find(name: string): Promise<{ canonical: string; user: Credentials | null }> {
    const isEmail = name.includes('@');
    const canonical = isEmail ? canonicalEmail(name) : name.toLowerCase();
    const where = isEmail ? { email: canonical } : { username: canonical };
    return { canonical, user: await this.users.get<Credentials>(where, CREDENTIALS) };
  }

  /**
   * Says whether the password is right, unless there were too many wrong ones before it; counts a wrong one. Throws
   * `TooManyRequests`, `TooBusy`.
   */
  async verify(password: string, user: Credentials | null, attempt: Attempt, failure: AuditEvent): Promise<boolean> {
    // Also before the turn: an attempt that is delayed anyway should not wait in line.
    await this.failures.requirePatience(attempt);
    return this.passwords.verify(password, user?.hashed_password, {
      before: () => this.failures.requirePatience(attempt),
      wrong: async () => {
        await this.failures.add(attempt);
        audit(failure, { user_id: user?.id, session_id: attempt.sessionId, ...attempt.client });
      },
    });
  }

  /**
   * Lets callers through who know their password: a token alone is not enough for what can't be taken back. Throws
   * `WrongPassword`, `TooManyRequests`, `TooBusy`.
   */
  async requireCurrent(
    { id, username, session_id }: Caller,
    password: string,
    client: Client,
    failure: AuditEvent,
  ): Promise<Credentials> {
    const user = await this.users.get<Credentials>({ id }, CREDENTIALS);
    const attempt = { name: username, userId: id, sessionId: session_id, client };
    if (!(await this.verify(password, user, attempt, failure))) throw new WrongPassword();
    return user!;
  }
}
