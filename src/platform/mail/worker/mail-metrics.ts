import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import { Probes } from '../../health/probes.js';

// Seconds, from at once to a day later.
const BUCKETS = [0.1, 0.5, 1, 5, 30, 60, 300, 1_800, 3_600, 21_600, 86_400];

/** What Prometheus learns of mail, from workers. */
@Injectable()
export class MailMetrics {
  private readonly attempts: Counter;
  private readonly lags: Histogram;

  constructor({ registry }: Probes) {
    this.attempts = new Counter({
      name: 'mails_total',
      help: 'Attempts to send mail: sent, failed and to be tried again, or given up',
      labelNames: ['outcome'],
      registers: [registry],
    });
    this.lags = new Histogram({
      name: 'mail_lag_seconds',
      help: 'How long mails have waited until they were sent',
      buckets: BUCKETS,
      registers: [registry],
    });
  }

  sent(createdAt: Date): void {
    this.attempts.inc({ outcome: 'sent' });
    this.lags.observe(Math.max(0, Date.now() - createdAt.getTime()) / 1_000);
  }

  failed(outcome: 'failed' | 'given_up'): void {
    this.attempts.inc({ outcome });
  }
}
