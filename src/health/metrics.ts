/** What Prometheus learns of an API (https://prometheus.io/docs/practices/naming); of tasks it learns from workers. */
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { AnswerCache } from '../cache/answer-cache.js';
import { isEventStream, onceOver } from '../http/requests.js';

// Seconds, from an answer out of memory to one that has to wait.
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How many requests each route has answered with which status, and how long they took, but for open event streams. */
export function measureRequests(fastify: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took, by the template of their route',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  onceOver(fastify, ({ method, routeOptions }, reply, status) => {
    if (isEventStream(reply)) return;
    durations.observe({ method, route: routeOptions.url ?? 'unknown', status }, reply.elapsedTime / 1_000);
  });
}

/** How the connections of a pool are used. */
export function measurePool(pool: Pool, registry: Registry): void {
  const connections = new Gauge({
    name: 'database_pool_connections',
    help: 'Connections to the database, and requests that wait for one',
    labelNames: ['state'],
    registers: [],
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
  registry.registerMetric(connections);
}

/** How many reads of cached answers each tier could answer. */
export function measureCache({ reads }: AnswerCache, registry: Registry): void {
  const counter = new Counter({
    name: 'cache_reads_total',
    help: 'Reads of cached answers, by the tier that was asked',
    labelNames: ['tier', 'result'],
    registers: [],
    collect() {
      this.reset();
      for (const [tier, { hits, misses }] of Object.entries(reads)) {
        this.inc({ tier, result: 'hit' }, hits);
        this.inc({ tier, result: 'miss' }, misses);
      }
    },
  });
  registry.registerMetric(counter);
}
