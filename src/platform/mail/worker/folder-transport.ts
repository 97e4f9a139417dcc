import type { KeptMails } from '../kept-mails.js';
import type { MailConfig } from '../mail.config.js';
import type { DueMail } from './due-mails.js';
import type { MailTransport } from './mail-transport.js';

/** Keeps mails where a developer reads them, at /mailbox. */
export class FolderTransport implements MailTransport {
  constructor(
    private readonly mails: KeptMails,
    private readonly config: MailConfig,
  ) {}

  async send({ message_id, recipient: to, subject, text, html, created_at }: DueMail): Promise<void> {
    const { name, address } = this.config.sender;
    const sent_at = created_at.toISOString();
    await this.mails.keep({ message_id, from: `${name} <${address}>`, to, sent_at, subject, text, html });
  }

  close(): void {
    // Nothing is open.
  }
}
