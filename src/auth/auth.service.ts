import { Injectable } from '@nestjs/common';
import { Transactions } from '../platform/database/transactions.js';
import { actorOf, type Caller, type Device } from '../platform/http/access/caller.js';
import type { Client } from '../platform/http/requests/client-info.js';
import { audit } from '../platform/runtime/log/audit.js';
import { type Credentials, CredentialsService } from '../users/passwords/credentials.service.js';
import { PasswordsService } from '../users/passwords/passwords.service.js';
import { WrongPassword } from '../users/users.errors.js';
import type { PasswordChange } from './auth.dto.js';
import { WrongCredentials } from './auth.errors.js';
import { FailuresService } from './lock-out/failures.service.js';
import { PasswordCheck } from './passwords/password-check.service.js';
import { type OpenSession, SessionsService } from './sessions/sessions.service.js';

interface SignInOptions {
  superusersOnly?: boolean;
  devices?: Device[];
  lifetime?: number;
}

@Injectable()
export class AuthService {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly passwords: PasswordsService,
    private readonly check: PasswordCheck,
    private readonly failures: FailuresService,
    private readonly sessions: SessionsService,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Opens a session for who knows the password of a user name or an e-mail address; unknown, deleted and wrong look
   * alike. Throws `WrongCredentials`, `TooManyRequests`, `TooBusy`.
   * @param superusersOnly refuses everybody else as if the password were wrong
   * @param devices the device, as each account knows it that has signed in there
   * @param lifetime of the session in milliseconds, if not the usual one
   */
  async signIn(
    name: string,
    password: string,
    client: Client,
    { superusersOnly = false, devices = [], lifetime }: SignInOptions = {},
  ): Promise<OpenSession> {
    const { user, canonical } = await this.credentials.find(name);
    const device = devices.find(({ user_id }) => user_id === user?.id);
    const attempt = { name: canonical, userId: user?.id, device, client };
    const isRight = await this.check.verify(password, user, attempt, 'sign_in_failed');
    if (!isRight || !user) throw new WrongCredentials();
    if (superusersOnly && !user.is_superuser) {
      audit('sign_in_failed', { user_id: user.id, ...client });
      throw new WrongCredentials();
    }
    await this.failures.forget(attempt);
    const current = await this.renewed(user, password);
    const session = await this.transactions.run(async () => {
      // A change of the password or a deletion ends the sessions that it finds: this one comes before it, or not at all.
      if (!(await this.credentials.hold(current))) throw new WrongCredentials();
      return this.sessions.open(user.id, client, lifetime);
    });
    audit('signed_in', { user_id: user.id, session_id: session.id, ...client });
    return session;
  }

  /** Ends every other session too. Throws `WrongPassword`, `TooManyRequests`, `TooBusy` and `ValidationFailed`. */
  async changePassword(
    caller: Caller,
    { current_password, new_password }: PasswordChange,
    client: Client,
  ): Promise<void> {
    const { id, username, email, session_id } = caller;
    this.passwords.requireAcceptable(new_password, [username, email], 'new_password');
    const current = await this.check.require(caller, current_password, client, 'password_change_failed');
    const hashed_password = await this.passwords.hash(new_password);
    await this.transactions.run(async () => {
      if (!(await this.credentials.replacePassword(current, hashed_password))) throw new WrongPassword();
      await this.sessions.endAll(id, session_id!);
    });
    audit('password_changed', { ...actorOf(caller), ...client });
  }

  /** What the user signs in with, hashed anew when the cost of the hash is outdated: only now the password is known. */
  private async renewed(user: Credentials, password: string): Promise<Credentials> {
    if (!this.passwords.isOutdated(user.hashed_password!)) return user;
    const hashed_password = await this.passwords.hash(password);
    return (await this.credentials.replacePassword(user, hashed_password)) ? { ...user, hashed_password } : user;
  }
}
