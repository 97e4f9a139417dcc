import { Injectable } from '@nestjs/common';
import { Transactions } from '../platform/database/transactions.js';
import { actorOf, type Caller } from '../platform/http/access/caller.js';
import type { Exchange } from '../platform/http/access/exchange.js';
import type { Client } from '../platform/http/requests/client-info.js';
import { audit } from '../platform/runtime/log/audit.js';
import { type Credentials, CredentialsService } from '../users/passwords/credentials.service.js';
import { AccountNotices } from '../users/notices/account-notices.service.js';
import { PasswordsService } from '../users/passwords/passwords.service.js';
import { WrongPassword } from '../users/users.errors.js';
import type { PasswordChange } from './auth.dto.js';
import { PasswordNotEnough, WrongCredentials } from './auth.errors.js';
import { PasswordCheck } from './passwords/password-check.service.js';
import { FreshProofs } from './sessions/fresh-proofs.service.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SignInSteps } from './sign-in/sign-in-steps.service.js';

@Injectable()
export class AuthService {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly passwords: PasswordsService,
    private readonly check: PasswordCheck,
    private readonly sessions: SessionsService,
    private readonly steps: SignInSteps,
    private readonly proofs: FreshProofs,
    private readonly transactions: Transactions,
    private readonly notices: AccountNotices,
  ) {}

  /**
   * Who knows the password of a user name or an e-mail address; unknown, deleted and wrong look alike. Throws
   * `WrongCredentials`, `TooManyRequests`, `TooBusy`.
   */
  async ownerOf(
    name: string,
    password: string,
    { client, devices }: Pick<Exchange, 'client' | 'devices'>,
  ): Promise<Credentials> {
    const { user, canonical } = await this.credentials.find(name);
    const device = devices.find(({ user_id }) => user_id === user?.id);
    const attempt = { name: canonical, userId: user?.id, device, client };
    const isRight = await this.check.verify(password, user, attempt, 'sign_in_failed');
    if (!isRight || !user) throw new WrongCredentials();
    return this.renewed(user, password);
  }

  /**
   * Takes the password as the proof that it is the owner who calls. Throws `WrongPassword`, `TooManyRequests`, `TooBusy`,
   * and `PasswordNotEnough` for an account that asks for more at sign-in.
   */
  async prove(caller: Caller, password: string, client: Client): Promise<void> {
    if (await this.steps.of(caller.id)) throw new PasswordNotEnough();
    await this.check.requirePassword(caller, password, client, 'proof_failed');
    await this.proofs.renew(caller);
    audit('proved', { ...actorOf(caller), ...client });
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
      await this.notices.tell(id, 'password_changed');
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
