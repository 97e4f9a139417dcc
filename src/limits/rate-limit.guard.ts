import { type ExecutionContext, Injectable } from '@nestjs/common';
import { normalizeIp, ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply } from 'fastify';
import type { AnyRequest } from '../http/caller.js';
import { ADDRESS_LENGTH } from '../http/client.js';
import { TooManyRequests } from '../http/http.errors.js';
import type { LimitRecord, LimitStorage } from './limit-storage.js';
import { GENERAL, isStrict, STRICT } from './strict-limit.js';

// Nest takes a plain true as well, and goes on without waiting.
const AT_ONCE = true as unknown as Promise<boolean>;

interface Limit {
  name: string;
  /** Requests in a period; 0 is no limit. */
  limit: number;
  /** Milliseconds. */
  ttl: number;
}

/**
 * Limits requests per user, or per address (an IPv6 network of 64 bits) while nobody is signed in: all routes together
 * by the general limit, each `@StrictLimit()` route by the strict one. `RateLimit-*` headers tell what is left.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  private readonly limits = new Map<unknown, Limit>();

  /** The library would look up the limits of a route for each request, and wait for the count of what is in memory. */
  override canActivate(context: ExecutionContext): Promise<boolean> {
    const { name, limit, ttl } = this.limitOf(context);
    if (limit === 0) return AT_ONCE;
    const http = context.switchToHttp();
    const key = this.keyOf(context, http.getRequest<AnyRequest>(), name);
    const count = (this.storageService as LimitStorage).count(key, ttl, limit, name);
    const decide = ({ totalHits, timeToExpire, isBlocked }: LimitRecord) => {
      http
        .getResponse<FastifyReply>()
        .header('ratelimit-limit', limit)
        .header('ratelimit-remaining', Math.max(0, limit - totalHits))
        .header('ratelimit-reset', timeToExpire);
      if (isBlocked) throw new TooManyRequests(timeToExpire);
      return AT_ONCE;
    };
    return count instanceof Promise ? count.then(decide) : decide(count);
  }

  /** A user, or the address of who is not signed in; for a strict limit with the route. */
  private keyOf(context: ExecutionContext, { user, ip }: AnyRequest, name: string): string {
    const who = user ? `user:${user.id}` : normalizeIp(ip.slice(0, ADDRESS_LENGTH), this.ipv6SubnetPrefix);
    return name === GENERAL ? who : `${context.getClass().name}.${context.getHandler().name}:${who}`;
  }

  private limitOf(context: ExecutionContext): Limit {
    const handler = context.getHandler();
    let known = this.limits.get(handler);
    if (!known) {
      const [general, strict] = [GENERAL, STRICT].map((name) => this.throttlers.find((one) => one.name === name));
      known = (isStrict(context) && strict?.limit ? strict : general) as Limit;
      this.limits.set(handler, known);
    }
    return known;
  }
}
