import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import { RedisConnection } from '../../redis/redis-connection.js';
import { TooManyRegistrations } from '../../http/problems/http.errors.js';
import { Counts } from './counts.js';
import { LimitStorage } from './limit-storage.js';
import { LimitsConfig } from './limits.config.js';

const SECOND = 1000;
const DAY = 86_400 * SECOND;
// The IPv6 network that a household or a customer of a data centre gets.
const IPV6_NETWORK_BITS = 48;

/**
 * Limits how often an e-mail address is claimed from one address in a day: by registering, or by changing the one of an
 * account. Each claim stores something, and tells whether that address has an account.
 */
@Injectable()
export class RegistrationsLimit implements OnModuleDestroy {
  // Separate from requests: their many counts would push out those that are kept for a day.
  private readonly counts: Counts;

  constructor(
    { client }: RedisConnection,
    private readonly config: LimitsConfig,
    private readonly storage: LimitStorage,
  ) {
    this.counts = new Counts(client);
  }

  /** Counts a claim. Throws `TooManyRegistrations`. */
  async count(address: string): Promise<void> {
    const limit = this.config.REGISTRATIONS_PER_ADDRESS;
    if (limit === 0) return;
    const key = `registrations:${normalizeIp(address, IPV6_NETWORK_BITS)}`;
    const { own, others, resetAt } = await this.counts.add(key, DAY, { isStrict: true });
    if (own + others <= limit) return;
    this.storage.refusals.registrations++;
    throw new TooManyRegistrations(Math.max(1, Math.ceil((resetAt - Date.now()) / SECOND)));
  }

  onModuleDestroy(): void {
    this.counts.close();
  }
}
