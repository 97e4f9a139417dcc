import { type DynamicModule, Module } from '@nestjs/common';
import { needMail } from './mail.config.js';
import { Mailer } from './mailer.js';

@Module({})
export class MailModule {
  /**
   * Provides `Mailer`. Outside local, the program does not start without `SMTP_URL`, and says that this domain needs it.
   * @param domain the name of its folder in src/
   */
  static forFeature(domain: string): DynamicModule {
    needMail(domain);
    return { module: MailModule, providers: [Mailer], exports: [Mailer] };
  }
}
