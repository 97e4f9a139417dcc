import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { AnyRequest } from '../http/access/caller.js';
import { networkOf } from '../limits/ip-network.js';
import { fingerprintOf, keyIn } from './idempotency-key.js';
import { type Kept, RepeatedRequests } from './repeated-requests.service.js';
import { ownerOf, ownKey } from './kept-responses.service.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Has a request with an `Idempotency-Key` take effect once, for its user, or its address where nobody has signed in. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly requests: RepeatedRequests) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<AnyRequest>();
    const { 'idempotency-key': header } = request.headers;
    if (header === undefined) return next.handle();
    const owner = request.user ? ownerOf(request.user.id) : `address:${networkOf(request)}`;
    const asked = { ...ownKey(owner, keyIn(header)), fingerprint: fingerprintOf(request) };
    return from(this.answer(asked, http.getResponse<FastifyReply>(), next));
  }

  private async answer(asked: Parameters<RepeatedRequests['once']>[0], reply: FastifyReply, next: CallHandler) {
    const { isReplayed, kept } = await this.requests.once(asked, async () => {
      const answered: unknown = await lastValueFrom(next.handle());
      return written(answered as object, reply);
    });
    if (isReplayed) reply.header('idempotency-replayed', 'true');
    if (kept.location !== undefined) reply.header('location', kept.location);
    reply.status(kept.status).type(JSON_TYPE);
    return kept.body;
  }
}

/** Serialises here what Fastify would later: the same text is kept and sent. */
function written(answered: object, reply: FastifyReply): Kept {
  const location = reply.getHeader('location') as string | undefined;
  return { status: reply.statusCode, location, body: reply.serialize(answered) as string };
}
