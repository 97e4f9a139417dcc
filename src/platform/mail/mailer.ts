import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app.config.js';
import { Sql } from '../database/sql.js';
import { isAddress } from './addresses.js';
import { rendered } from './mail-layout.js';
import type { MailTemplate } from './mail-template.js';

export const MAILS_PUT = 'mails_put';

const PUT = {
  name: 'mail_put',
  text: `WITH put AS (
      INSERT INTO mail (message_id, template, recipient, subject, text, html) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
    ) SELECT pg_notify('${MAILS_PUT}', '') FROM put`,
};

/** Sends mail: the worker does, as soon as the open transaction has committed. */
@Injectable()
export class Mailer {
  constructor(
    private readonly sql: Sql,
    private readonly app: AppConfig,
  ) {}

  /**
   * Queues a mail in the open transaction, so that it is sent if and only if that commits. It is written as it will be
   * read: the worker knows no templates.
   * @param to one address, without a name
   */
  async send<D>(template: MailTemplate<D>, to: string, data: D): Promise<void> {
    if (!isAddress(to)) throw new Error(`A mail ${template.name} is to go to what is no address`);
    const { subject, text, html } = rendered(template.content(data), this.app.APP_NAME);
    await this.sql.query({ ...PUT, values: [randomUUID(), template.name, to, subject, text, html] });
  }
}
