import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply } from 'fastify';
import type { AnyRequest } from '../http/caller.js';
import { TooManyRequests } from '../http/http.errors.js';
import type { LimitRecord, LimitStorage } from './limit-storage.js';
import { networkOf } from './network.js';
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
  private limits!: [general: Limit, strict: Limit];

  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    const named = (name: string) => this.throttlers.find((one) => one.name === name) as Limit;
    this.limits = [named(GENERAL), named(STRICT)];
  }

  /** The library would look for limits of each name, and wait for the count of what is in memory. */
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
  private keyOf(context: ExecutionContext, request: AnyRequest, name: string): string {
    const { user } = request;
    const who = user ? `user:${user.id}` : networkOf(request);
    return name === GENERAL ? who : `${context.getClass().name}.${context.getHandler().name}:${who}`;
  }

  private limitOf(context: ExecutionContext): Limit {
    const [general, strict] = this.limits;
    return isStrict(context) && strict.limit > 0 ? strict : general;
  }
}
