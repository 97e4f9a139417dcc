import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply } from 'fastify';
import type { AnyRequest } from '../../http/access/caller.js';
import { TooManyRequests } from '../../http/problems/http.errors.js';
import type { LimitRecord, LimitStorage } from './limit-storage.js';
import { LimitsConfig } from './limits.config.js';
import { networkOf } from '../ip-network.js';
import { GENERAL, isStrict, STRICT } from './strict-limit.js';

// How many times as much as one all access keys of a user may have together.
const KEYS_FACTOR = 5;
const SECOND = 1000;
// Nest accepts a plain true as well, and continues without waiting.
const AT_ONCE = true as unknown as Promise<boolean>;

interface Limit {
  name: string;
  /** What the keys of a limit of one's own begin with. */
  scope?: string;
  /** Requests in a period; 0 is no limit. */
  limit: number;
  /** Milliseconds. */
  ttl: number;
}

/** For whom a request is counted, and under which key. */
interface Counted {
  userId: number | undefined;
  /** The access key of a program, which the general limit counts for itself. */
  key: string | undefined;
  network: string;
  /** What the keys of a limit begin with: a strict one counts each route for itself. */
  scope: string;
}

/**
 * Limits requests per user, or per address (an IPv6 network of 64 bits) while nobody is known: all routes together by
 * the general limit, or some by limits of the user's own, each `@StrictLimit()` route by the strict one. `RateLimit-*`
 * headers tell what is left. The users behind one address have so many times the limit together, so that more accounts
 * don't make more requests. Each access key is counted for itself, and all those of one user together; the strict limit
 * counts them as the user.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  private limits!: [general: Limit, strict: Limit];
  @Inject(LimitsConfig) private readonly config!: LimitsConfig;

  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    const named = (name: string) => this.throttlers.find((one) => one.name === name) as Limit;
    this.limits = [named(GENERAL), named(STRICT)];
  }

  /** The library would look for limits of each name, and wait for the count of what is in memory. */
  override canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const limit = this.limitOf(context, http.getRequest<AnyRequest>());
    if (limit.limit === 0) return AT_ONCE;
    const counted = this.countedFor(context, http.getRequest<AnyRequest>(), limit);
    const { userId, network, scope } = counted;
    const name = counted.key ?? (userId === undefined ? network : `user:${userId}`);
    return this.count(scope + name, limit, ({ totalHits, timeToExpire, isBlocked }) => {
      http
        .getResponse<FastifyReply>()
        .header('ratelimit-limit', limit.limit)
        .header('ratelimit-remaining', Math.max(0, limit.limit - totalHits))
        .header('ratelimit-reset', timeToExpire);
      if (isBlocked) this.refuse(refusalOf(counted), timeToExpire);
      return counted.key === undefined ? this.countTogether(counted, limit) : this.countKeys(counted, limit);
    });
  }

  /** Counts a program for all keys of its owner as well, who could make ever more of them. */
  private countKeys(counted: Counted, limit: Limit): Promise<boolean> {
    const together = { ...limit, limit: limit.limit * KEYS_FACTOR };
    return this.count(`${counted.scope}keys of user:${counted.userId}`, together, ({ timeToExpire, isBlocked }) => {
      if (isBlocked) this.refuse('access_keys_of_user', timeToExpire);
      return this.countTogether(counted, limit);
    });
  }

  /** Also counts users below their own limit for the address, so that one user alone cannot use up the address's limit. */
  private countTogether({ userId, network, scope }: Counted, { limit, ...others }: Limit): Promise<boolean> {
    if (userId === undefined || this.config.ADDRESS_RATE_LIMIT_FACTOR === 0) return AT_ONCE;
    const together = { limit: limit * this.config.ADDRESS_RATE_LIMIT_FACTOR, ...others };
    return this.count(`${scope}users at ${network}`, together, ({ timeToExpire, isBlocked }) => {
      if (isBlocked) this.refuse('accounts_of_address', timeToExpire);
      return AT_ONCE;
    });
  }

  private count(
    key: string,
    { name, limit, ttl }: Limit,
    decide: (record: LimitRecord) => Promise<boolean>,
  ): Promise<boolean> {
    const count = this.storage.count(key, ttl, limit, name);
    return count instanceof Promise ? count.then(decide) : decide(count);
  }

  private refuse(counted: keyof LimitStorage['refusals'], seconds: number): never {
    this.storage.refusals[counted]++;
    throw new TooManyRequests(seconds);
  }

  private countedFor(context: ExecutionContext, request: AnyRequest, { name, scope = '' }: Limit): Counted {
    const { user, devices } = request;
    const accessKey = name === GENERAL ? user?.access_key : undefined;
    return {
      userId: user?.id ?? devices?.[0]?.user_id,
      key: accessKey && `${accessKey.kind}:${accessKey.id}`,
      network: networkOf(request),
      scope: name === GENERAL ? scope : `${context.getClass().name}.${context.getHandler().name}:`,
    };
  }

  private limitOf(context: ExecutionContext, { method, user, routeOptions: { url } }: AnyRequest): Limit {
    const [general, strict] = this.limits;
    if (isStrict(context) && strict.limit > 0) return strict;
    const own = user?.limits?.of(method, url!);
    return own ? { name: GENERAL, scope: own.scope, limit: own.limit, ttl: own.period * SECOND } : general;
  }

  private get storage(): LimitStorage {
    return this.storageService as LimitStorage;
  }
}

function refusalOf({ userId, key }: Counted): keyof LimitStorage['refusals'] {
  if (key !== undefined) return 'access_key';
  return userId === undefined ? 'address' : 'user';
}
