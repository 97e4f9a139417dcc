import { Injectable } from '@nestjs/common';
import { Restrictions } from '../auth/access/restrictions.service.js';
import { Transactions } from '../platform/database/transactions.js';
import { FrontendConfig } from '../platform/frontend/frontend.config.js';
import { AddsProblem } from '../platform/http/access/added-problems.js';
import { actorOf, type Caller } from '../platform/http/access/caller.js';
import { TooManyRequests } from '../platform/http/problems/http.errors.js';
import type { Client } from '../platform/http/requests/client-info.js';
import { Mailer } from '../platform/mail/mailer.js';
import { audit } from '../platform/runtime/log/audit.js';
import { AccountEvents } from '../users/accounts.events.js';
import { EmailsService } from '../users/emails.service.js';
import { EmailNeedsConfirmation } from '../users/users.errors.js';
import { RecoveryConfig } from './recovery.config.js';
import { EmailAlreadyVerified, EmailVerificationRequired, NewEmailRequired } from './recovery.errors.js';
import { emailChanged, verifyEmail } from './recovery.mail.js';
import { type GoodToken, RecoveryTokens } from './tokens/recovery-tokens.service.js';

/** Has owners prove their addresses, and keeps them from much else until then where the settings want that. */
@Injectable()
@AddsProblem('restriction', EmailVerificationRequired)
@AddsProblem('restriction', NewEmailRequired)
export class EmailVerificationService {
  constructor(
    private readonly tokens: RecoveryTokens,
    private readonly emails: EmailsService,
    private readonly mailer: Mailer,
    private readonly frontend: FrontendConfig,
    private readonly transactions: Transactions,
    config: RecoveryConfig,
    accounts: AccountEvents,
    restrictions: Restrictions,
  ) {
    accounts.subscribe({
      emailGiven: (userId) => this.sendUnlessMany(userId),
      verifiedEmailLeaving: () => Promise.reject(new EmailNeedsConfirmation()),
    });
    restrictions.subscribe((account) => {
      if (account.email_verified_at) return undefined;
      if (emails.isLost(account)) return NewEmailRequired;
      return config.REQUIRE_VERIFIED_EMAIL ? EmailVerificationRequired : undefined;
    });
  }

  /** Throws `EmailAlreadyVerified`, `NewEmailRequired`, `TooManyRequests`. */
  sendAgain({ id }: Caller): Promise<void> {
    return this.transactions.run(() => this.send(id));
  }

  /**
   * Verifies the address that a link went to, which becomes that of the caller if it was to be changed. The address before
   * it can take the account back. Throws `InvalidLink`, `EmailTaken`.
   */
  async verify(caller: Caller, text: string, client: Client): Promise<void> {
    const { purpose } = await this.transactions.run(async () => {
      const token = await this.tokens.use(text, ['verify', 'change'], caller.id);
      await this.emails.prove(caller.id, token.email);
      if (token.purpose === 'change' && token.account.email_verified_at) await this.tellFormer(token);
      return token;
    });
    audit(purpose === 'change' ? 'email_change_confirmed' : 'email_verified', { ...actorOf(caller), ...client });
  }

  private async sendUnlessMany(userId: number): Promise<void> {
    try {
      await this.send(userId);
    } catch (error) {
      if (!(error instanceof TooManyRequests)) throw error;
    }
  }

  private async send(userId: number): Promise<void> {
    const account = await this.tokens.lock(userId);
    // A superuser may change a deleted account.
    if (!account) return;
    const { username, email } = account;
    if (account.email_verified_at) throw new EmailAlreadyVerified();
    if (this.emails.isLost(account)) throw new NewEmailRequired();
    const token = await this.tokens.issue('verify', account, email);
    await this.mailer.send(verifyEmail, email, { username, url: this.frontend.pageAt('/verify-email', { token }) });
  }

  private async tellFormer({ account }: GoodToken): Promise<void> {
    const { username, email } = account;
    const token = await this.tokens.issue('revert', account, email);
    await this.mailer.send(emailChanged, email, { username, url: this.frontend.pageAt('/revert-email', { token }) });
  }
}
