import { IsInt, IsString, Length, Max, Min, ValidateBy } from 'class-validator';
import { AppConfig, isDeployed } from '../config/app.config.js';
import { type Checked, Settings, settingsOf } from '../config/settings.js';
import { type Address, addressOf } from './addresses.js';
import { type SmtpServer, smtpServerOf } from './smtp-url.js';

const SERVER =
  'must be an address such as smtps://user:password@mail.example.com, or smtp:// for STARTTLS, with special characters percent-encoded';
const SENDER = 'must be an address such as no-reply@example.com or Example <no-reply@example.com>';
const LOCAL_SENDER = 'no-reply@localhost.invalid';

const needing = new Set<string>();

/** Makes a domain one that sends mail: outside local, it does not start without a server for that. */
export function needMail(domain: string): void {
  needing.add(domain);
}

/** Where mail is handed over, and whom it is from. */
@Settings()
export class MailConfig implements Checked {
  /** Unset, no mail leaves the machine: local keeps it in a folder. */
  @Reads(SERVER, (text) => smtpServerOf(text) !== undefined)
  SMTP_URL?: string;
  @Reads(SENDER, (text) => addressOf(text) !== undefined)
  MAIL_FROM?: string;
  @IsString() @Length(1, 1024) MAIL_FOLDER = '.data/mail';
  /** How many mails a worker sends at once, by a connection each. */
  @IsInt() @Min(1) @Max(100) MAIL_CONCURRENCY = 4;
  /** For all of an attempt: looking up the name, connecting, signing in and handing the mail over. */
  @IsInt() @Min(1) @Max(600) MAIL_TIMEOUT_SECONDS = 60;

  problems(): string[] {
    if (this.SMTP_URL !== undefined) {
      return this.MAIL_FROM === undefined ? ['MAIL_FROM: is needed with SMTP_URL: whom mail is from'] : [];
    }
    if (!isDeployed()) return [];
    return [...needing].map(
      (domain) => `SMTP_URL: is needed by ${domain}, which sends mail; to do without, npm run remove -- ${domain}`,
    );
  }

  /** Undefined: mail stays on this machine. */
  get server(): SmtpServer | undefined {
    return this.SMTP_URL === undefined ? undefined : smtpServerOf(this.SMTP_URL);
  }

  get sender(): Address {
    const { name, address } = addressOf(this.MAIL_FROM ?? LOCAL_SENDER)!;
    return { name: name || settingsOf(AppConfig).APP_NAME, address };
  }

  /** Whether mail is kept on this machine, where a developer reads it. */
  get isKept(): boolean {
    return this.server === undefined && !isDeployed();
  }
}

/** A variable that may be left out, and is never told of. */
function Reads(message: string, holds: (text: string) => boolean): PropertyDecorator {
  const validate = (text: unknown) => text === undefined || (typeof text === 'string' && holds(text));
  return ValidateBy({
    name: 'reads',
    validator: { validate, defaultMessage: (given) => `${given?.property} ${message}` },
  });
}
