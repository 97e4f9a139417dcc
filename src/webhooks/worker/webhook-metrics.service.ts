import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import { Probes } from '../../platform/health/probes.js';
import type { DeliveryStatus } from '../webhook-delivery.entity.js';
import type { DisabledReason } from '../webhook.entity.js';

// Seconds, from at once to a day behind.
const BUCKETS = [0.1, 0.5, 1, 5, 30, 60, 300, 1_800, 3_600, 21_600, 86_400];

/** What Prometheus learns of webhooks, from workers. */
@Injectable()
export class WebhookMetrics {
  private readonly outcomes: Counter;
  private readonly lags: Histogram;
  private readonly disablings: Counter;

  constructor({ registry }: Probes) {
    const registers = [registry];
    this.outcomes = new Counter({
      name: 'webhook_deliveries_total',
      help: 'Attempts to tell webhooks of events, by what has become of the delivery',
      labelNames: ['outcome'],
      registers,
    });
    this.lags = new Histogram({
      name: 'webhook_lag_seconds',
      help: 'How long deliveries have waited since they were due',
      buckets: BUCKETS,
      registers,
    });
    this.disablings = new Counter({
      name: 'webhooks_disabled_total',
      help: 'Webhooks that were disabled, by the reason',
      labelNames: ['reason'],
      registers,
    });
  }

  began(lag: number): void {
    this.lags.observe(lag);
  }

  settled(status: DeliveryStatus): void {
    this.outcomes.inc({ outcome: status === 'pending' ? 'failed' : status });
  }

  disabled(reason: DisabledReason): void {
    this.disablings.inc({ reason });
  }
}
