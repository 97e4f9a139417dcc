import { Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import { FrontendConfig } from '../platform/frontend/frontend.config.js';
import { Mailer } from '../platform/mail/mailer.js';
import { AccountNotices, type Notice } from '../users/notices/account-notices.service.js';
import { NoticeMail } from './notice.mail.js';

const PER_HOUR = 5;

// Whom to tell, unless they do not want it or have been told often enough. An address that nobody can have (RFC 2606, 2) is
// that of an account which has lost its own.
const COUNT = {
  name: 'notice_count',
  text: `
    WITH told AS (
      INSERT INTO notice AS known (user_id, name, told_count) VALUES ($1, $2, 1)
      ON CONFLICT (user_id, name) DO UPDATE SET
        told_count = CASE WHEN known.counting_began_at <= now() - interval '1 hour' THEN 1 ELSE known.told_count + 1 END,
        counting_began_at = CASE WHEN known.counting_began_at <= now() - interval '1 hour' THEN now() ELSE known.counting_began_at END
      WHERE ($3 OR NOT known.is_off) AND (known.told_count < $4 OR known.counting_began_at <= now() - interval '1 hour')
      RETURNING user_id
    )
    SELECT username, email FROM "user" JOIN told ON user_id = id WHERE NOT is_deleted AND email NOT LIKE '%.invalid'`,
};

/** Tells owners of accounts by mail what happens to them, each kind a few times an hour at most. */
@Injectable()
export class NoticeMails {
  constructor(
    private readonly sql: Sql,
    private readonly transactions: Transactions,
    private readonly mailer: Mailer,
    private readonly frontend: FrontendConfig,
    notices: AccountNotices,
  ) {
    notices.subscribe((userId, notice) => this.transactions.run(() => this.tell(userId, notice)));
  }

  private async tell(
    userId: number,
    { name, subject, paragraphs, isRequired = false, perHour }: Notice,
  ): Promise<void> {
    const { rows } = await this.sql.query<{ username: string; email: string }>({
      ...COUNT,
      values: [userId, name, isRequired, perHour ?? PER_HOUR],
    });
    const [owner] = rows;
    if (!owner) return;
    const home = this.frontend.pageAt('/');
    const data = { username: owner.username, subject, paragraphs, home, canBeTurnedOff: !isRequired };
    await this.mailer.send(NoticeMail, owner.email, data);
  }
}
