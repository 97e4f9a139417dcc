import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Lookout } from '../../platform/database/lookout.js';
import { Notifications } from '../../platform/database/notifications.js';
import { WorkerConfig } from '../../platform/queue/queue.config.js';
import { Outage } from '../../platform/runtime/outage.js';
import { DELIVERIES_PUT } from '../webhook-outbox.service.js';
import { WebhooksConfig } from '../webhooks.config.js';
import { attempt } from './attempts.js';
import { DueDeliveries, type DueDelivery } from './due-deliveries.service.js';
import { Endpoints } from './endpoint.js';
import { Settlements } from './settlements.service.js';
import { WebhookMetrics } from './webhook-metrics.service.js';

const SECOND = 1_000;

/** Sends what is due: as soon as it is told or a place is free, and once a second in case nobody could tell. */
@Injectable()
export class WebhookSender implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(WebhookSender.name);
  private readonly endpoints: Endpoints;
  private readonly sending = new Map<DueDelivery, Promise<void>>();
  private readonly stopping = new AbortController();
  private deadline?: NodeJS.Timeout;
  private readonly lookout: Lookout;
  private readonly outage = new Outage(this.logger, {
    begins: 'webhooks are not told of events',
    ends: 'webhooks are told of events again',
  });

  constructor(
    private readonly due: DueDeliveries,
    private readonly settlements: Settlements,
    private readonly metrics: WebhookMetrics,
    notifications: Notifications,
    private readonly config: WebhooksConfig,
    private readonly worker: WorkerConfig,
  ) {
    this.endpoints = new Endpoints(config.networks, config.dnsServers);
    this.lookout = new Lookout(notifications, () => this.outage.during(() => this.beginAll()));
    const look = () => this.lookout.look();
    notifications.subscribe(DELIVERIES_PUT, { heard: look, missed: look });
  }

  onApplicationBootstrap(): void {
    this.lookout.start();
  }

  /** Begins nothing more, and gives what is being sent as long as tasks have. */
  async onModuleDestroy(): Promise<void> {
    this.deadline = setTimeout(() => this.stopping.abort(), this.worker.WORKER_SHUTDOWN_SECONDS * SECOND);
    await this.lookout.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.sending.values());
    clearTimeout(this.deadline);
  }

  private async beginAll(): Promise<void> {
    for (const one of await this.claim()) this.begin(one);
  }

  /** Two halves, so that those that hang are in nobody's way. */
  private async claim(): Promise<DueDelivery[]> {
    const half = Math.floor(this.config.WEBHOOK_CONCURRENCY / 2);
    const proven = [...this.sending.keys()].filter(({ is_proven }) => is_proven).length;
    const room = { proven: half - proven, others: half - (this.sending.size - proven) };
    return room.proven + room.others > 0 ? this.due.claim(room) : [];
  }

  private begin(one: DueDelivery): void {
    this.sending.set(one, this.sendAndMakeRoom(one));
  }

  private async sendAndMakeRoom(one: DueDelivery): Promise<void> {
    try {
      await this.send(one);
    } catch (error) {
      this.outage.begin((error as Error).message);
    }
    this.sending.delete(one);
    this.lookout.look();
  }

  /** What cannot be written down is sent again when the lease has ended. */
  private async send(one: DueDelivery): Promise<void> {
    if (one.reason) return this.settlements.settle(one, { status: 'dead', reason: one.reason });
    this.metrics.began(one.lag);
    const late = AbortSignal.timeout(this.config.WEBHOOK_TIMEOUT_SECONDS * SECOND);
    const settlement = await attempt(this.endpoints, one, AbortSignal.any([late, this.stopping.signal]));
    const isCut = this.stopping.signal.aborted && settlement.attempt?.response_status === null;
    await (isCut ? this.due.release(one) : this.settlements.settle(one, settlement));
  }
}
