/** The configured application, for `main`, tests and tools alike. */
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { documentOf } from './api-document.js';
import { AppModule } from './app.module.js';
import { CachedResponses } from './platform/cache/cached-responses.js';
import { settingsOf } from './platform/config/settings.js';
import { Replicas } from './platform/database/replicas/replicas.js';
import { logStatements } from './platform/database/statement-log.js';
import { traceStatements } from './platform/database/statement-spans.js';
import { waitForDatabase } from './platform/database/wait-for-database.js';
import { DocsConfig } from './platform/docs/docs.config.js';
import { published } from './platform/docs/published.js';
import { serveHealth } from './platform/health/health.js';
import type { Unguarded } from './platform/http/access/unguarded.js';
import { createAdapter } from './platform/http/adapter.js';
import { cacheForClients } from './platform/http/caching/client-cache.js';
import { HttpConfig } from './platform/http/http.config.js';
import { refuseTunnels } from './platform/http/problems/client-errors.js';
import { isAmong } from './platform/http/requests/client-address.js';
import { readBodies } from './platform/http/requests/bodies.js';
import { refuseOtherHosts } from './platform/http/requests/allowed-hosts.js';
import { AllowedMethods } from './platform/http/requests/methods.js';
import { refuseMisreadings } from './platform/http/requests/ambiguous-requests.js';
import { allowOrigins } from './platform/http/requests/origins.js';
import { traceRequests } from './platform/http/requests/request-spans.js';
import { answerRequestIds, keepRequestIds, logRequests } from './platform/http/requests/request-log.js';
import { serialiseAsDocumented } from './platform/http/responses/response-filter.js';
import { secureAnswers } from './platform/http/responses/security-headers.js';
import { Receiving } from './platform/limits/bytes/receiving.js';
import { Sending } from './platform/limits/bytes/sending.js';
import { Connections } from './platform/limits/connection-limits.js';
import { UnguardedLimit } from './platform/limits/rates/unguarded-limit.js';
import { ConcurrentRequests } from './platform/limits/concurrent-requests.js';
import { MailConfig } from './platform/mail/mail.config.js';
import { NestLogger } from './platform/runtime/log/log.js';
import { RefusedLines } from './platform/runtime/log/refused-lines.js';
import { isTracing } from './platform/runtime/tracing/tracing.js';

/**
 * Everything but listening: routes are registered, the database is connected. Fastify runs hooks in the order in which they
 * were added, and adds them to the routes that come afterwards: that is the order of the phases.
 */
export async function createApp(log: Logger): Promise<NestFastifyApplication> {
  // Whatever starts together with the database waits for it; Nest's modules connect as they are made.
  await waitForDatabase(log);
  const refused = new RefusedLines((lines) => log.info({ lines }, 'log lines of refused requests were left out'));
  const adapter = createAdapter(log, refused);
  const fastify = adapter.getInstance<FastifyInstance>();
  // What is refused in any later phase is logged, and answered with its id and safe headers.
  observeRequests(fastify, log, refused);
  // Before anything is spent on a request, or believes what it says.
  const methods = refuseUnfitRequests(fastify);
  // The phases below take what they need from Nest.
  const app = await createNest(adapter, log);
  boundBodies(app, fastify);
  finishAnswers(app, fastify);
  // Last, so that every route and page has all hooks.
  await serveRoutes(app, fastify);
  // When all routes are known.
  methods.refuseOthers(fastify);
  return app;
}

/** Ids and traces come before the log, whose lines carry them. */
function observeRequests(fastify: FastifyInstance, log: Logger, refused: RefusedLines): void {
  if (logStatements(log)) keepRequestIds(fastify);
  if (isTracing()) {
    traceStatements();
    traceRequests(fastify, isAmong(settingsOf(HttpConfig).proxies));
  }
  logRequests(fastify, refused);
  answerRequestIds(fastify);
  secureAnswers(fastify);
}

function refuseUnfitRequests(fastify: FastifyInstance): AllowedMethods {
  refuseMisreadings(fastify);
  refuseTunnels(fastify.server);
  const methods = new AllowedMethods();
  methods.watch(fastify);
  refuseOtherHosts(fastify);
  return methods;
}

function createNest(adapter: ReturnType<typeof createAdapter>, log: Logger): Promise<NestFastifyApplication> {
  const options = { logger: new NestLogger(log), abortOnError: false, bodyParser: false };
  return NestFactory.create<NestFastifyApplication>(AppModule, adapter, options);
}

/** A body that is too much by what its headers announce is refused before it is read. */
function boundBodies(app: NestFastifyApplication, fastify: FastifyInstance): void {
  const unguarded: Unguarded = app.get(UnguardedLimit, { strict: false });
  fastify.decorate('unguarded', unguarded);
  app.get(Receiving, { strict: false }).watch(fastify);
  readBodies(fastify);
  app.get(ConcurrentRequests, { strict: false }).watch(fastify);
}

/** An answer is kept as it was made, then becomes a 304 for a client that has it, and what is left of it is counted. */
function finishAnswers(app: NestFastifyApplication, fastify: FastifyInstance): void {
  app.get(CachedResponses, { strict: false }).serve(fastify);
  cacheForClients(fastify, settingsOf(HttpConfig).CLIENT_CACHE_MAX_AGE);
  app.get(Sending, { strict: false }).watch(fastify);
  app.get(Connections, { strict: false }).watch(fastify.server);
}

async function serveRoutes(app: NestFastifyApplication, fastify: FastifyInstance): Promise<void> {
  allowOrigins(app, settingsOf(HttpConfig).origins);
  const document = documentOf(app);
  // Fastify compiles the schemas of answers as routes are registered.
  serialiseAsDocumented(fastify, document);
  serveHealth(app);
  const { hasDocs, hasBoard } = settingsOf(DocsConfig);
  // Loaded only where they are served.
  if (hasDocs) (await import('./platform/docs/docs.js')).serveDocs(app, published(document));
  if (settingsOf(MailConfig).isKept) (await import('./platform/docs/mailbox/mailbox.js')).serveMailbox(app);
  // Nest registers the routes of controllers, and starts its modules.
  await app.init();
  app.get(Replicas).watch();
  // The queues are known by now.
  if (hasBoard) await (await import('./platform/docs/queue-board.js')).serveBoard(app);
}
