import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { inLogScope } from '../../runtime/log/log-scope.js';
import type { RefusedLines } from '../../runtime/log/refused-lines.js';
import type { AnyRequest } from '../access/caller.js';

/** The status that nginx uses. */
export const CLIENT_GONE = 499;
const LOGGED_PATH = 200;
const REQUEST_ID = /^[\w.-]{1,64}$/;

/** The `X-Request-Id` of a trusted proxy if it is harmless, else a new one: nobody else may link log lines. */
export function requestIdOf(request: IncomingMessage, isTrusted: (address: string) => boolean): string {
  const given = request.headers['x-request-id'];
  const isGiven = typeof given === 'string' && REQUEST_ID.test(given) && isTrusted(request.socket.remoteAddress ?? '');
  return isGiven ? given : randomUUID();
}

/** Sends the request id with every answer. */
export function answerRequestIds(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
}

/** Has what a request leads to know its id, where lines of the log need it. Call it before other hooks are added. */
export function keepRequestIds(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => inLogScope({ request_id: request.id }, done));
}

/**
 * Calls back with each request when nothing more is sent to its client: with the status of the answer, or 499 when the
 * client had gone before it was ready. An event stream ends when its client likes.
 */
export function onceOver(
  fastify: FastifyInstance,
  tell: (request: AnyRequest, reply: FastifyReply, status: number) => void,
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => tell(request, reply, statusOf(reply)));
    done();
  });
}

/** Logs one line a request, when it is over. */
export function logRequests(fastify: FastifyInstance, refused: RefusedLines): void {
  onceOver(fastify, (request, reply, status) => logRequest(request, reply, status, refused));
}

/** Of what was refused, `LOG_REFUSED_PER_SECOND` lines at most are written. */
export function logRequest(
  request: AnyRequest,
  { elapsedTime }: FastifyReply,
  status: number,
  refused: RefusedLines,
): void {
  const { method, routeOptions, user, trace_id } = request;
  if (routeOptions.config.isProbe || (status >= 400 && status < 500 && !refused.take())) return;
  const { url: route } = routeOptions;
  const path = route === undefined ? request.url.split('?', 1)[0]!.slice(0, LOGGED_PATH) : undefined;
  const ms = Math.round(elapsedTime * 10) / 10;
  const facts = { request_id: request.id, trace_id, method, route, path, status, ms, user_id: user?.id };
  // The logger of the request would name the ids itself, but making it costs more than the line.
  request.server.log.info(facts, 'request');
}

/** What Fastify logs by itself, except what the line of each request contains. */
export class RequestLog extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'request_id' });
  }

  override incomingRequest(): void {}

  override requestCompleted(): void {}

  override streamError(error: NodeJS.ErrnoException, request: FastifyRequest, reply: FastifyReply): void {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') super.streamError(error, request, reply);
  }
}

export function isEventStream(reply: FastifyReply): boolean {
  return reply.getHeader('content-type') === 'text/event-stream';
}

/** The status that is told of a request, in log, metrics and traces. */
export function statusOf(reply: FastifyReply): number {
  const { destroyed, writableFinished } = reply.raw;
  return destroyed && !writableFinished && !isEventStream(reply) ? CLIENT_GONE : reply.statusCode;
}
