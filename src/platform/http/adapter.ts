import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import type { Bindings, Logger } from 'pino';
import { settingsOf } from '../config/settings.js';
import type { RefusedLines } from '../runtime/log/refused-lines.js';
import { HttpConfig } from './http.config.js';
import { refuseUnreadableRequest } from './problems/client-errors.js';
import { refuseUnreadablePath } from './problems/problem.filter.js';
import { isAmong } from './requests/client-address.js';
import { BODY_BYTES } from './requests/bodies.js';
import { RequestLogger } from './requests/request-logger.js';
import { logRequest, requestIdOf, RequestLog } from './requests/request-log.js';

const SECOND = 1_000;

/** Fastify with the options of its creation: how it reads requests, and how it answers unreadable ones. */
export function createAdapter(log: Logger, refused: RefusedLines): FastifyAdapter {
  const { proxies, KEEP_ALIVE_SECONDS } = settingsOf(HttpConfig);
  const isTrusted = isAmong(proxies);
  return new FastifyAdapter({
    loggerInstance: log,
    logController: new RequestLog(),
    childLoggerFactory: (parent: FastifyBaseLogger, bindings: Bindings) =>
      new RequestLogger(parent as Logger, bindings),
    genReqId: (request: IncomingMessage) => requestIdOf(request, isTrusted),
    bodyLimit: BODY_BYTES,
    // Node bounds the whole request line; the router's own limit answers outside the error contract.
    routerOptions: { maxParamLength: 16 * 1024 },
    frameworkErrors: (_: Error, request: FastifyRequest, reply: FastifyReply) =>
      refuseUnreadablePath(request, reply, () => logRequest(request, reply, reply.statusCode, refused)),
    clientErrorHandler: refuseUnreadableRequest,
    // `refuseMisreadings` requires it, and answers with problem details.
    http: { requireHostHeader: false },
    connectionTimeout: 60 * SECOND,
    keepAliveTimeout: KEEP_ALIVE_SECONDS * SECOND,
    requestTimeout: 30 * SECOND,
    multipart: false,
    // A request that arrives while the server closes is the last on its connection, and is answered.
    return503OnClosing: false,
    trustProxy: proxies.length > 0 && isTrusted,
  });
}
