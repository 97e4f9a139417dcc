import { Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import { FrontendConfig } from '../platform/frontend/frontend.config.js';
import { actorOf, type Caller } from '../platform/http/access/caller.js';
import { ValidationFailed } from '../platform/http/problems/http.errors.js';
import type { Client } from '../platform/http/requests/client-info.js';
import { Mailer } from '../platform/mail/mailer.js';
import { audit } from '../platform/runtime/log/audit.js';
import { OwnerProof } from '../users/owner-proof.service.js';
import type { EmailChange } from './recovery.dto.js';
import { InvalidLink } from './recovery.errors.js';
import { addressInUse, confirmChange } from './recovery.mail.js';
import { RecoveryTokens } from './tokens/recovery-tokens.service.js';

const IN_USE = {
  name: 'recovery_in_use',
  text: 'SELECT FROM "user" WHERE email = $1 AND id <> $2 AND email_verified_at IS NOT NULL',
};

/** Changes of address, which are confirmed from the new one. */
@Injectable()
export class EmailChangeService {
  constructor(
    private readonly proof: OwnerProof,
    private readonly tokens: RecoveryTokens,
    private readonly mailer: Mailer,
    private readonly frontend: FrontendConfig,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
  ) {}

  /**
   * Sends a link to the new address. If another account has verified that, its owner learns of it, and the caller does not.
   * Throws `WrongPassword`, `TooManyRequests`, `TooBusy`, `ValidationFailed`.
   */
  async request(caller: Caller, { new_email, current_password }: EmailChange, client: Client): Promise<void> {
    if (new_email === caller.email) {
      throw new ValidationFailed([{ field: 'new_email', message: 'new_email is the address that the account has' }]);
    }
    await this.proof.require(caller, current_password, client, 'email_change_failed');
    await this.transactions.run(() => this.send(caller.id, new_email));
    audit('email_change_requested', { ...actorOf(caller), ...client });
  }

  private async send(userId: number, email: string): Promise<void> {
    const account = await this.tokens.lock(userId);
    if (!account) throw new InvalidLink();
    const token = await this.tokens.issue('change', account, email);
    const { rowCount } = await this.sql.query({ ...IN_USE, values: [email, userId] });
    if (rowCount) return this.mailer.send(addressInUse, email, null);
    const url = this.frontend.pageAt('/verify-email', { token });
    await this.mailer.send(confirmChange, email, { username: account.username, url });
  }
}
