import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type FastifyInstance, type FastifyReply, LogController } from 'fastify';
import type { AnyRequest } from './caller.js';

const REQUEST_ID = /^[\w.-]{1,64}$/;

/** The client's own `X-Request-Id` if it is harmless, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Sends the request id with every answer. */
export function answerRequestIds(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
}

/** Logs one line a request, when it is answered. */
export class RequestLog extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'request_id' });
  }

  override incomingRequest(): void {}

  override requestCompleted(error: Error | null | undefined, request: AnyRequest, reply: FastifyReply): void {
    const { method, routeOptions, user } = request;
    const { url: route } = routeOptions;
    const path = route === undefined ? request.url.split('?', 1)[0] : undefined;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    const { statusCode: status } = reply;
    request.log.info({ method, route, path, status, ms, user_id: user?.id, err: error ?? undefined }, 'request');
  }
}
