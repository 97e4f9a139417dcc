import { createTransport, type Transporter } from 'nodemailer';
import { isDeployed } from '../../config/app.config.js';
import type { Address } from '../addresses.js';
import type { MailConfig } from '../mail.config.js';
import type { SmtpServer } from '../smtp-url.js';
import type { DueMail } from './due-mails.js';
import { MailRefused, type MailTransport } from './mail-transport.js';

const SECOND = 1_000;
const PERMANENT = 500;
// What a server says to these is about the mail or its recipient; all else may be a matter of settings.
const ABOUT_THE_MAIL = new Set(['RCPT TO', 'DATA']);

interface SmtpError extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
}

/** Hands mails to a server, by a few connections that stay open for the next ones. */
export class SmtpTransport implements MailTransport {
  private readonly transporter: Transporter;
  private readonly sender: Address;

  constructor(config: MailConfig, server: SmtpServer) {
    this.sender = config.sender;
    const milliseconds = config.MAIL_TIMEOUT_SECONDS * SECOND;
    this.transporter = createTransport({
      pool: true,
      host: server.host,
      port: server.port,
      secure: server.isSecure,
      auth: server.auth,
      ...tlsOf(server),
      maxConnections: config.MAIL_CONCURRENCY,
      // A connection that the server has closed meanwhile, before any of the mail went over it.
      maxRequeues: 1,
      dnsTimeout: milliseconds,
      connectionTimeout: milliseconds,
      greetingTimeout: milliseconds,
      socketTimeout: milliseconds,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  /** What is parsed elsewhere, such as a list of addresses, is given in parts here. */
  async send({ message_id, recipient, subject, text, html, created_at }: DueMail, signal: AbortSignal): Promise<void> {
    const { sender } = this;
    const mail = {
      messageId: `<${message_id}@${sender.address.split('@').at(-1)}>`,
      from: sender,
      to: { name: '', address: recipient },
      envelope: { from: sender.address, to: [recipient] },
      date: created_at,
      subject,
      text,
      html,
      // Nobody's holiday answers it (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal,
    };
    await this.transporter.sendMail(mail).catch((error: SmtpError) => {
      throw refusalOf(error);
    });
  }

  close(): void {
    this.transporter.close();
  }
}

/** Outside local, a connection that stays without TLS is refused, unless the URL allows it. */
function tlsOf({ isSecure, starttls = isDeployed() ? 'required' : 'optional' }: SmtpServer) {
  if (isSecure) return {};
  return { requireTLS: starttls === 'required', ignoreTLS: starttls === 'never' };
}

/** The response of the server may repeat the address. */
function refusalOf({ code = 'failed', command, responseCode }: SmtpError): MailRefused {
  const isOfMail = responseCode !== undefined && ABOUT_THE_MAIL.has(command ?? '');
  const reason = [code, command, responseCode].filter(Boolean).join(' ');
  return new MailRefused(reason, isOfMail, isOfMail && responseCode >= PERMANENT);
}
