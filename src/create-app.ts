/** The configured application, for `main`, tests and tools alike. */
import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { NotSignedIn, SuperuserOnly } from './auth/auth.errors.js';
import { CachedAnswers } from './platform/cache/cached-answers.js';
import { cacheForClients } from './platform/http/caching/client-cache.js';
import { settingsOf } from './platform/config/settings.js';
import { Replicas } from './platform/database/replicas/replicas.js';
import { logStatements } from './platform/database/statement-log.js';
import { traceStatements } from './platform/database/statement-spans.js';
import { waitForDatabase } from './platform/database/wait.js';
import { serveBoard } from './platform/docs/board.js';
import { serveDocs } from './platform/docs/docs.js';
import { writeDocument } from './platform/docs/document.js';
import { serialiseAsDocumented } from './platform/http/responses/response-schemas.js';
import { serveHealth } from './platform/health/health.js';
import { isAmong } from './platform/http/requests/address.js';
import { BODY_BYTES, readBodies } from './platform/http/requests/bodies.js';
import { refuseTunnels, refuseUnreadableRequest } from './platform/http/problems/client-errors.js';
import { refuseOtherHosts } from './platform/http/requests/hosts.js';
import { HttpConfig } from './platform/http/http.config.js';
import { AllowedMethods, isPreflight } from './platform/http/requests/methods.js';
import { refuseMisreadings } from './platform/http/requests/misreadings.js';
import { refuseUnreadablePath } from './platform/http/problems/problem.filter.js';
import { traceRequests } from './platform/http/requests/request-spans.js';
import {
  answerRequestIds,
  keepRequestIds,
  logRequest,
  logRequests,
  requestIdOf,
  RequestLog,
} from './platform/http/requests/requests.js';
import { secureAnswers } from './platform/http/responses/security-headers.js';
import { Connections } from './platform/limits/connections.js';
import { Receiving } from './platform/limits/bytes/receiving.js';
import { Sending } from './platform/limits/bytes/sending.js';
import type { Unguarded } from './platform/http/access/unguarded.js';
import { UnguardedLimit } from './platform/limits/rates/unguarded-limit.js';
import { NestLogger } from './platform/runtime/log/log.js';
import { RefusedLines } from './platform/runtime/log/refused-lines.js';
import { isTracing } from './platform/runtime/tracing/tracing.js';

const PREFIX = '/api/v1';
const SECOND = 1000;

/** Everything but listening: routes are registered, the database is connected. */
export async function createApp(log: Logger): Promise<NestFastifyApplication> {
  await waitForDatabase(log);
  const http = settingsOf(HttpConfig);
  const { origins, proxies, KEEP_ALIVE_SECONDS } = http;
  const isTrusted = isAmong(proxies);
  const refused = new RefusedLines((lines) => log.info({ lines }, 'log lines of refused requests were left out'));
  const adapter = new FastifyAdapter({
    loggerInstance: log,
    logController: new RequestLog(),
    genReqId: (request: IncomingMessage) => requestIdOf(request, isTrusted),
    bodyLimit: BODY_BYTES,
    // Node bounds the whole request line; the router's own limit answers outside the error contract.
    routerOptions: { maxParamLength: 16 * 1024 },
    frameworkErrors: (_: Error, request: FastifyRequest, reply: FastifyReply) =>
      refuseUnreadablePath(request, reply, () => logRequest(request, reply, reply.statusCode, refused)),
    clientErrorHandler: refuseUnreadableRequest,
    // `refuseMisreadings` asks for it, in problem details.
    http: { requireHostHeader: false },
    connectionTimeout: 60 * SECOND,
    keepAliveTimeout: KEEP_ALIVE_SECONDS * SECOND,
    requestTimeout: 30 * SECOND,
    multipart: false,
    // What comes while the server closes is the last on its connection, and is answered.
    return503OnClosing: false,
    trustProxy: proxies.length > 0 && isTrusted,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  if (logStatements(log)) keepRequestIds(fastify);
  if (isTracing()) {
    traceStatements();
    traceRequests(fastify, isTrusted);
  }
  logRequests(fastify, refused);
  answerRequestIds(fastify);
  secureAnswers(fastify);
  refuseMisreadings(fastify);
  refuseTunnels(fastify.server);
  const methods = new AllowedMethods();
  methods.watch(fastify);
  refuseOtherHosts(fastify);

  const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, {
    logger: new NestLogger(log),
    abortOnError: false,
    bodyParser: false,
  });
  const unguarded: Unguarded = app.get(UnguardedLimit, { strict: false });
  fastify.decorate('unguarded', unguarded);
  app.get(Receiving, { strict: false }).watch(fastify);
  readBodies(fastify);
  app.get(CachedAnswers, { strict: false }).serve(fastify);
  cacheForClients(fastify, http.CLIENT_CACHE_MAX_AGE);
  app.get(Sending, { strict: false }).watch(fastify);
  app.get(Connections, { strict: false }).watch(fastify.server);
  app.setGlobalPrefix(PREFIX);
  allowOrigins(app, origins);
  const signIn = {
    loginPath: http.publicPath(`${PREFIX}/auth/login`),
    notSignedIn: NotSignedIn,
    superuserOnly: SuperuserOnly,
  };
  const document = writeDocument(app, signIn);
  serialiseAsDocumented(fastify, document);
  serveHealth(app);
  serveDocs(app, document);
  await app.init();
  app.get(Replicas).watch();
  await serveBoard(app);
  methods.refuseOthers(fastify);
  return app;
}

/** Pages of these sites may call the API from a browser, with credentials, and read what its answers tell in headers. */
function allowOrigins(app: NestFastifyApplication, origin: string[]): void {
  if (origin.length === 0) return;
  const exposedHeaders = [
    'ETag',
    'Location',
    'RateLimit-Limit',
    'RateLimit-Remaining',
    'RateLimit-Reset',
    'Retry-After',
    'X-Request-Id',
  ];
  const methods = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'];
  const options = { origin, credentials: true, exposedHeaders, methods, maxAge: 600 };
  // Any other OPTIONS is left to `AllowedMethods`; the plugin would answer it with plain text.
  app.enableCors({ delegator: (request, done) => done(null, { ...options, preflight: isPreflight(request) }) });
}
