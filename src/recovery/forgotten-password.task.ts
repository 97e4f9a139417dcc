import { Sql } from '../platform/database/sql.js';
import { FrontendConfig } from '../platform/frontend/frontend.config.js';
import { TooManyRequests } from '../platform/http/problems/http.errors.js';
import { Mailer } from '../platform/mail/mailer.js';
import { type RunsTask, Task, type TaskContext } from '../platform/queue/task.js';
import { ForgottenPassword } from './recovery.dto.js';
import { resetPassword } from './recovery.mail.js';
import { RecoveryTokens } from './tokens/recovery-tokens.service.js';

const HOLDER = { name: 'recovery_holder', text: 'SELECT id FROM "user" WHERE email = $1 AND NOT is_deleted' };
// In a queue of its own: somebody waits for it. Addresses that have no account are soon forgotten.
const OPTIONS = { concurrency: 4, retention: { completed: 60, failed: 3_600 } };

/** Sends a link to whoever has forgotten a password, if the address has an account. */
@Task('forgotten_password', ForgottenPassword, OPTIONS)
export class ForgottenPasswordTask implements RunsTask<ForgottenPassword> {
  constructor(
    private readonly tokens: RecoveryTokens,
    private readonly mailer: Mailer,
    private readonly frontend: FrontendConfig,
    private readonly sql: Sql,
  ) {}

  async run({ email }: ForgottenPassword, context: TaskContext): Promise<void> {
    await context.once(() => this.send(email));
  }

  private async send(email: string): Promise<void> {
    const { rows } = await this.sql.query<{ id: number }>({ ...HOLDER, values: [email] });
    const account = rows[0] && (await this.tokens.lock(rows[0].id));
    if (account?.email !== email) return;
    try {
      const token = await this.tokens.issue('reset', account, email);
      const url = this.frontend.pageAt('/reset-password', { token });
      await this.mailer.send(resetPassword, email, { username: account.username, url });
    } catch (error) {
      // Nobody is told: whoever asks too often may not be the owner.
      if (!(error instanceof TooManyRequests)) throw error;
    }
  }
}
