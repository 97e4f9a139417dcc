import { Injectable } from '@nestjs/common';
import { Transactions } from '../platform/database/transactions.js';
import type { Client } from '../platform/http/requests/client-info.js';
import { audit } from '../platform/runtime/log/audit.js';
import { TasksService } from '../tasks/tasks.service.js';
import { AccountEvents } from '../users/accounts.events.js';
import { EmailsService } from '../users/emails.service.js';
import { AccountNotices } from '../users/notices/account-notices.service.js';
import { CredentialsService } from '../users/passwords/credentials.service.js';
import { PasswordsService } from '../users/passwords/passwords.service.js';
import { ForgottenPasswordTask } from './forgotten-password.task.js';
import type { NewPassword } from './recovery.dto.js';
import { InvalidLink } from './recovery.errors.js';
import { type GoodToken, RecoveryTokens } from './tokens/recovery-tokens.service.js';

/** The ways back into an account, which lead through its address. */
@Injectable()
export class AccountRecoveryService {
  constructor(
    private readonly tokens: RecoveryTokens,
    private readonly tasks: TasksService,
    private readonly passwords: PasswordsService,
    private readonly credentials: CredentialsService,
    private readonly emails: EmailsService,
    private readonly notices: AccountNotices,
    private readonly events: AccountEvents,
    private readonly transactions: Transactions,
  ) {}

  /** Costs the same whether the address has an account or not: a worker looks. */
  async forgot(email: string): Promise<void> {
    await this.tasks.enqueue(ForgottenPasswordTask, { email });
  }

  /**
   * Sets a password, ends all sessions, and verifies the address, as only its owner has the link. Whoever had the account
   * with an address that they never verified is out for good. Throws `InvalidLink`, `TooBusy`, `ValidationFailed`.
   */
  async reset(body: NewPassword, client: Client): Promise<void> {
    await this.setPassword('reset', body, client, ({ account }) =>
      this.events.tell(account.email_verified_at ? 'regained' : 'takenBack', account.id),
    );
  }

  /**
   * Gives an account back to the address that it had before, with a new password. What has been changed since by whoever
   * had it meanwhile can't be used any more. Throws `InvalidLink`, `EmailTaken`, `TooBusy`, `ValidationFailed`.
   */
  async revert(body: NewPassword, client: Client): Promise<void> {
    await this.setPassword('revert', body, client, async (token) => {
      await this.tokens.endLater(token);
      await this.events.tell('takenBack', token.account.id);
    });
  }

  private async setPassword(
    purpose: 'reset' | 'revert',
    { token: text, new_password }: NewPassword,
    client: Client,
    then: (token: GoodToken) => Promise<void>,
  ): Promise<void> {
    const { account, email } = await this.tokens.find(text, [purpose]);
    this.passwords.requireAcceptable(new_password, [account.username, email], 'new_password');
    const hashed_password = await this.passwords.hash(new_password);
    await this.transactions.run(async () => {
      const token = await this.tokens.use(text, [purpose]);
      if (!(await this.credentials.replacePassword(token.account, hashed_password))) throw new InvalidLink();
      await this.emails.prove(account.id, email);
      await then(token);
      await this.notices.tell(account.id, 'password_changed');
    });
    audit(purpose === 'reset' ? 'password_reset' : 'email_reverted', { user_id: account.id, ...client });
  }
}
