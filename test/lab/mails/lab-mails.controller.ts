import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { Responds } from '../../../src/platform/http/responses/response-docs.js';
import { Email, Optional, Text, WebAddress } from '../../../src/platform/http/validation/fields.js';
import { Enum } from '../../../src/platform/http/validation/values.js';
import { Mailer } from '../../../src/platform/mail/mailer.js';
import { LabMail } from './lab.mail.js';

class Undone extends Error {}

class LabMailSent {
  @Email()
  to!: string;

  @Text(1, 1_000)
  subject!: string;

  @Text(1, 1_000)
  text!: string;

  @WebAddress()
  url!: string;

  /** Of the transaction around it; none for no transaction. */
  @Optional()
  @Enum(['commit', 'rollback'], { required: false })
  end?: 'commit' | 'rollback';
}

/** Sends a mail, as code of a domain would. */
@ApiTags('lab')
@Controller('lab/mails')
export class LabMailsController {
  constructor(
    private readonly mailer: Mailer,
    private readonly transactions: Transactions,
  ) {}

  @Post()
  @Responds({ operation: 'sendLabMail', summary: 'Send a mail of the lab', status: 204 })
  async send(@Body() { to, end, ...data }: LabMailSent): Promise<void> {
    if (!end) return this.mailer.send(LabMail, to, data);
    const work = async () => {
      await this.mailer.send(LabMail, to, data);
      if (end === 'rollback') throw new Undone();
    };
    await this.transactions.run(work).catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
  }
}
