import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Unguarded } from '../../http/access/unguarded.js';
import { TooManyRequests } from '../../http/problems/http.errors.js';
import { type LimitRecord, LimitStorage } from './limit-storage.js';
import { LimitsConfig } from './limits.config.js';
import { networkOf } from '../ip-network.js';
import { GENERAL, STRICT } from './strict-limit.js';

const SECOND = 1_000;

/**
 * Counts requests that guards don't see: unknown paths and methods, unreadable requests, pages of plug-ins. They
 * count for their address, like requests of callers who have not signed in.
 */
@Injectable()
export class UnguardedLimit implements Unguarded {
  constructor(
    private readonly storage: LimitStorage,
    private readonly config: LimitsConfig,
  ) {}

  /** Counts a request by the general limit, unless it has been; throws `TooManyRequests` beyond that. */
  count(request: FastifyRequest, reply: FastifyReply): void {
    const { DEFAULT_RATE_LIMIT_LIMIT: limit, DEFAULT_RATE_LIMIT_PERIOD: period } = this.config;
    if (limit === 0 || reply.hasHeader('ratelimit-limit')) return;
    // The general limit is known at once.
    const found = this.storage.count(networkOf(request), period * SECOND, limit, GENERAL) as LimitRecord;
    reply
      .header('ratelimit-limit', limit)
      .header('ratelimit-remaining', Math.max(0, limit - found.totalHits))
      .header('ratelimit-reset', found.timeToExpire);
    if (found.isBlocked) this.refuse(found);
  }

  /** Counts an attempt with a password by the strict limit; throws `TooManyRequests` beyond it. */
  async countTry(what: string, address: string): Promise<void> {
    const { AUTH_RATE_LIMIT_LIMIT: limit, AUTH_RATE_LIMIT_PERIOD: period } = this.config;
    if (limit === 0) return;
    const found = await this.storage.count(`${what}:${networkOf(address)}`, period * SECOND, limit, STRICT);
    if (found.isBlocked) this.refuse(found);
  }

  /** Counts a look-up of what callers show, before anybody knows whose it is; throws `TooManyRequests` beyond the general limit. */
  countLookUp(what: string, address: string): void {
    const { DEFAULT_RATE_LIMIT_LIMIT: limit, DEFAULT_RATE_LIMIT_PERIOD: period } = this.config;
    if (limit === 0) return;
    const key = `${what}s looked up:${networkOf(address)}`;
    const found = this.storage.count(key, period * SECOND, limit, GENERAL) as LimitRecord;
    if (found.isBlocked) this.refuse(found);
  }

  private refuse({ timeToExpire }: LimitRecord): never {
    this.storage.refusals.address++;
    throw new TooManyRequests(timeToExpire);
  }
}
