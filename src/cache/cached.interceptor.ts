import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable, of } from 'rxjs';
import { AnswerCache } from './answer-cache.js';
import { CachePlans } from './cache-plans.js';
import { entityTag } from './entity-tag.js';
import type { StoredAnswer } from './memory-tier.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers from the cache, before pipes and handler run, or keeps what they answer. */
@Injectable()
export class CachedInterceptor implements NestInterceptor {
  constructor(
    private readonly cache: AnswerCache,
    private readonly plans: CachePlans,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const plan = this.plans.read(context.getHandler());
    const id = plan.takesQuery ? request.url : pathOf(request.url);
    const known = this.cache.get(id);
    if (known) return of(answer(reply, known));
    const load = async () => {
      const body = reply.serialize(await lastValueFrom(next.handle())) as string;
      return { body, etag: entityTag(body) };
    };
    const loaded = this.cache.load(id, plan.keysOf(request.params), plan.ttl, load);
    return from(loaded.then((one) => answer(reply, one)));
  }
}

/** What a route does not take tells no answers apart. */
function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

function answer(reply: FastifyReply, { body, etag }: StoredAnswer): string {
  reply.header('content-type', JSON_TYPE).header('etag', etag);
  return body;
}
