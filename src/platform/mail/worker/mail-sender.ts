import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Lookout } from '../../database/lookout.js';
import { Notifications } from '../../database/notifications.js';
import { WorkerConfig } from '../../queue/queue.config.js';
import { Outage } from '../../runtime/outage.js';
import { KeptMails } from '../kept-mails.js';
import { MailConfig } from '../mail.config.js';
import { MAILS_PUT } from '../mailer.js';
import { DueMails, type DueMail } from './due-mails.js';
import { FolderTransport } from './folder-transport.js';
import { MailMetrics } from './mail-metrics.js';
import { MailRefused, type MailTransport } from './mail-transport.js';
import { MOST_ATTEMPTS, secondsUntilNext } from './retries.js';
import { SmtpTransport } from './smtp-transport.js';

const SECOND = 1_000;

/** Sends what is due: as soon as it is told or a place is free, and once a second in case nobody could tell. */
@Injectable()
export class MailSender implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(MailSender.name);
  /** None where nothing sends mail: see `MailConfig`. */
  private readonly transport: MailTransport | undefined;
  private readonly sending = new Map<number, Promise<void>>();
  /** Those that have been sent, while the database cannot be told. */
  private readonly sent = new Set<number>();
  private readonly stopping = new AbortController();
  private deadline?: NodeJS.Timeout;
  private readonly lookout: Lookout;
  private readonly outage = new Outage(this.logger, { begins: 'mail cannot be sent', ends: 'mail is sent again' });

  constructor(
    private readonly due: DueMails,
    private readonly metrics: MailMetrics,
    notifications: Notifications,
    private readonly config: MailConfig,
    private readonly worker: WorkerConfig,
  ) {
    this.transport = transportOf(config);
    this.lookout = new Lookout(notifications, () => this.beginAll());
    const look = () => this.lookout.look();
    notifications.subscribe(MAILS_PUT, { heard: look, missed: look });
  }

  onApplicationBootstrap(): void {
    if (this.transport) this.lookout.start();
  }

  /** Begins nothing more, and gives what is being sent as long as tasks have. */
  async onModuleDestroy(): Promise<void> {
    this.deadline = setTimeout(() => this.stopping.abort(), this.worker.WORKER_SHUTDOWN_SECONDS * SECOND);
    await this.lookout.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.sending.values());
    clearTimeout(this.deadline);
    this.transport?.close();
  }

  private async beginAll(): Promise<void> {
    const room = this.config.MAIL_CONCURRENCY - this.sending.size;
    if (room <= 0) return;
    await this.during('database', async () => {
      for (const mail of await this.due.claim(room)) this.sending.set(mail.id, this.sendAndMakeRoom(mail));
    });
  }

  private async sendAndMakeRoom(mail: DueMail): Promise<void> {
    await this.during('database', () => this.send(mail));
    this.sending.delete(mail.id);
    this.lookout.look();
  }

  /** What cannot be written down is done again when the time of this attempt is over; but nothing is sent twice here. */
  private async send(mail: DueMail): Promise<void> {
    try {
      if (!this.sent.has(mail.id)) await this.handOver(mail);
      this.sent.add(mail.id);
    } catch (error) {
      return this.fail(mail, error as Error);
    }
    await this.due.forget(mail);
    this.sent.delete(mail.id);
  }

  private async handOver(mail: DueMail): Promise<void> {
    if (mail.attempt_count > MOST_ATTEMPTS) throw new MailRefused('workers died of it', true, true);
    const late = AbortSignal.timeout(this.config.MAIL_TIMEOUT_SECONDS * SECOND);
    await this.transport!.send(mail, AbortSignal.any([late, this.stopping.signal]));
    this.outage.end('server');
    this.metrics.sent(mail.created_at);
  }

  private async fail(mail: DueMail, error: Error): Promise<void> {
    const { isOfMail, isForGood } = error instanceof MailRefused ? error : { isOfMail: false, isForGood: false };
    const what = `mail ${mail.message_id} (${mail.template})`;
    const seconds = isForGood ? undefined : secondsUntilNext(mail.attempt_count);
    if (!isOfMail) this.outage.begin(error.message, 'server');
    if (seconds === undefined) {
      await this.due.forget(mail);
      this.metrics.failed('given_up');
      this.logger.error(`${what} was given up after ${mail.attempt_count} attempts: ${error.message}`);
    } else {
      await this.due.delay(mail, seconds);
      this.metrics.failed('failed');
      if (isOfMail) this.logger.warn(`attempt ${mail.attempt_count} of ${what} failed: ${error.message}`);
    }
  }

  private async during(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.outage.end(what);
    } catch (error) {
      this.outage.begin((error as Error).message, what);
    }
  }
}

function transportOf(config: MailConfig): MailTransport | undefined {
  if (config.server) return new SmtpTransport(config, config.server);
  return config.isKept ? new FolderTransport(new KeptMails(config.MAIL_FOLDER), config) : undefined;
}
