import { type ExecutionContext, Injectable } from '@nestjs/common';
import { normalizeIp, ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerRequest } from '@nestjs/throttler';
import type { AnyRequest } from '../http/caller.js';
import { clientOf } from '../http/client.js';
import { TooManyRequests } from '../http/http.errors.js';
import { GENERAL, isStrict, STRICT } from './strict-limit.js';

type Limit = Omit<ThrottlerRequest, 'context'>;

/**
 * Limits requests per user, or per address (an IPv6 network of 64 bits) while nobody is signed in: all routes together
 * by the general limit, each `@StrictLimit()` route by the strict one. `RateLimit-*` headers tell what is left.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  protected override headerPrefix = 'RateLimit';
  private readonly limits = new Map<unknown, Limit | undefined>();

  /** The library would look up the limits of a route for each request; here it is once. */
  override canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    if (!this.limits.has(handler)) this.limits.set(handler, this.limitOf(context));
    const limit = this.limits.get(handler);
    return limit ? this.handleRequest({ context, ...limit }) : Promise.resolve(true);
  }

  protected override getTracker(request: AnyRequest): Promise<string> {
    if (request.user) return Promise.resolve(`user:${request.user.id}`);
    return Promise.resolve(normalizeIp(clientOf(request).address, this.ipv6SubnetPrefix));
  }

  protected override generateKey(context: ExecutionContext, tracker: string, name: string): string {
    if (name === GENERAL) return tracker;
    return `${context.getClass().name}.${context.getHandler().name}:${tracker}`;
  }

  /** One limit applies to a route, so the headers need not say which. */
  protected override setResponseHeader(response: object, name: string, value: string | number): void {
    super.setResponseHeader(response, name.slice(0, name.lastIndexOf('-')), value);
  }

  /** What is left is told by refusals, too. */
  protected override throwThrottlingException(
    context: ExecutionContext,
    { limit, timeToExpire, timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    const facts = { Limit: limit, Remaining: 0, Reset: timeToExpire };
    const response = context.switchToHttp().getResponse<object>();
    for (const [name, value] of Object.entries(facts)) {
      super.setResponseHeader(response, `${this.headerPrefix}-${name}`, value);
    }
    throw new TooManyRequests(timeToBlockExpire);
  }

  /** The limit of a route; undefined when it is turned off. */
  private limitOf(context: ExecutionContext): Limit | undefined {
    const [general, strict] = [GENERAL, STRICT].map((name) => this.throttlers.find((one) => one.name === name));
    const throttler = isStrict(context) && strict?.limit ? strict : general;
    if (!throttler?.limit) return undefined;
    const { limit, ttl } = throttler as { limit: number; ttl: number };
    const getTracker = (request: object) => this.getTracker(request as AnyRequest);
    const generateKey = this.generateKey.bind(this);
    return { throttler, limit, ttl, blockDuration: ttl, getTracker, generateKey };
  }
}
