import { type ExecutionContext, Injectable } from '@nestjs/common';
import { normalizeIp, ThrottlerGuard, type ThrottlerLimitDetail } from '@nestjs/throttler';
import type { AnyRequest } from '../http/caller.js';
import { TooManyRequests } from '../http/http.errors.js';
import { GENERAL } from './strict-limit.js';

/**
 * Limits requests per user, or per address (an IPv6 network of 64 bits) while nobody is signed in: all routes together
 * by the general limit, each `@StrictLimit()` route by the strict one. `RateLimit-*` headers tell what is left.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  protected override headerPrefix = 'RateLimit';

  protected override getTracker(request: AnyRequest): Promise<string> {
    return Promise.resolve(request.user ? `user:${request.user.id}` : normalizeIp(request.ip, this.ipv6SubnetPrefix));
  }

  protected override generateKey(context: ExecutionContext, tracker: string, name: string): string {
    if (name === GENERAL) return tracker;
    return `${context.getClass().name}.${context.getHandler().name}:${tracker}`;
  }

  /** One limit applies to a route, so the headers need not say which. */
  protected override setResponseHeader(response: object, name: string, value: string | number): void {
    super.setResponseHeader(response, name.split('-').slice(0, 2).join('-'), value);
  }

  /** What is left is told by refusals, too. */
  protected override throwThrottlingException(
    context: ExecutionContext,
    { limit, timeToExpire, timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    const facts = { Limit: limit, Remaining: 0, Reset: timeToExpire };
    const response = context.switchToHttp().getResponse<object>();
    for (const [name, value] of Object.entries(facts)) {
      this.setResponseHeader(response, `${this.headerPrefix}-${name}`, value);
    }
    throw new TooManyRequests(timeToBlockExpire);
  }
}
