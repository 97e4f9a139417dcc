import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ResponseCache } from '../cache/response-cache.js';
import { Replicas } from '../database/replicas/replicas.js';
import { ConcurrentRequests } from '../limits/concurrent-requests.js';
import { Connections } from '../limits/connection-limits.js';
import { LimitStorage } from '../limits/rates/limit-storage.js';
import { OpenStreams } from '../limits/streams/open-streams.js';
import { Receiving } from '../limits/bytes/receiving.js';
import { Sending } from '../limits/bytes/sending.js';
import {
  measureCache,
  measureLimits,
  measureProblems,
  measureReplicas,
  measureRequests,
  measureStreams,
} from './metrics.js';
import { measureConnections, measureReceiving, measureSending, measureWaiting } from './traffic-metrics.js';
import { headersOf } from './probe-server.js';
import { Probes } from './probes.js';
import { Readiness } from './readiness.js';
import { GracefulShutdown } from '../http/graceful-shutdown.js';

/** Answers /health/live and /health/ready, and measures requests if there is a metrics port. */
export function serveHealth(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  for (const [path, answer] of Object.entries(app.get(Readiness).routes)) {
    fastify.get(path, { config: { isProbe: true } }, async (_request, reply) => {
      const answered = await answer();
      return reply.status(answered.status).headers(headersOf(answered)).send(answered.body);
    });
  }
  app.get(GracefulShutdown).watch(fastify);
  const { isOn, registry } = app.get(Probes);
  if (!isOn) return;
  measureRequests(fastify, registry);
  measureProblems(registry);
  measureReplicas(app.get(Replicas), registry);
  measureStreams(app.get(OpenStreams, { strict: false }), registry);
  measureSending(app.get(Sending, { strict: false }), registry);
  measureReceiving(app.get(Receiving, { strict: false }), registry);
  measureConnections(app.get(Connections, { strict: false }), registry);
  measureWaiting(app.get(ConcurrentRequests, { strict: false }), registry);
  measureLimits(app.get(LimitStorage, { strict: false }), registry);
  measureCache(app.get(ResponseCache, { strict: false }), registry);
}
