/** What Prometheus learns of an API (https://prometheus.io/docs/practices/naming); of tasks it learns from workers. */
import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ResponseCache } from '../cache/response-cache.js';
import type { Sql } from '../database/sql.js';
import type { Replicas } from '../database/replicas/replicas.js';
import { problemsAnswered } from '../http/problems/problem.js';
import type { LimitStorage } from '../limits/rates/limit-storage.js';
import type { OpenStreams } from '../limits/streams/open-streams.js';
import { leftOut } from '../runtime/log/batches.js';
import { isEventStream, onceOver } from '../http/requests/request-log.js';

// Seconds, from a response out of memory to one that has to wait.
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How many requests each route has answered with which status, and how long they took, but for open event streams. */
export function measureRequests(fastify: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of requests, by the template of their route',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  onceOver(fastify, ({ method, routeOptions }, reply, status) => {
    if (isEventStream(reply)) return;
    durations.observe({ method, route: routeOptions.url ?? 'unknown', status }, reply.elapsedTime / 1_000);
  });
}

/** How many problems were answered, by the code that says why: what each bound has refused. */
export function measureProblems(registry: Registry): void {
  const counter = new Counter({
    name: 'http_problems_total',
    help: 'Error responses, by their code',
    labelNames: ['code'],
    registers: [],
    collect() {
      this.reset();
      for (const [code, count] of problemsAnswered) this.inc({ code }, count);
    },
  });
  registry.registerMetric(counter);
}

/** How many lines of the log were not written, and why. */
export function measureLog(registry: Registry): void {
  const counter = new Counter({
    name: 'log_lines_left_out_total',
    help: 'Log lines that were not written: of refused requests beyond the bound, and unread ones',
    labelNames: ['reason'],
    registers: [],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(leftOut)) this.inc({ reason }, count);
    },
  });
  registry.registerMetric(counter);
}

/** How the connections of a pool are used. */
export function measurePool(sql: Sql, registry: Registry): void {
  const connections = new Gauge({
    name: 'database_pool_connections',
    help: 'Connections to the database, and callers that wait for one',
    labelNames: ['state'],
    registers: [],
    collect() {
      for (const [state, count] of Object.entries(sql.connections)) this.set({ state }, count);
    },
  });
  registry.registerMetric(connections);
}

/** How many reads of cached answers each tier could answer. */
export function measureCache({ reads }: ResponseCache, registry: Registry): void {
  const counter = new Counter({
    name: 'cache_reads_total',
    help: 'Lookups of cached responses, by tier and result',
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

/** How many event streams are open, and how many were refused. */
export function measureStreams(streams: OpenStreams, registry: Registry): void {
  const open = new Gauge({
    name: 'event_streams_open',
    help: 'Event streams that are open',
    registers: [],
    collect() {
      this.set(streams.count);
    },
  });
  const refused = new Counter({
    name: 'event_streams_refused_total',
    help: 'Refused event streams, by the bound that refused them',
    labelNames: ['bound'],
    registers: [],
    collect() {
      this.reset();
      for (const [bound, count] of Object.entries(streams.refused)) this.inc({ bound }, count);
    },
  });
  registry.registerMetric(open);
  registry.registerMetric(refused);
}

/** How many requests limits have refused, by what they were counted for. */
export function measureLimits({ refusals }: LimitStorage, registry: Registry): void {
  const counter = new Counter({
    name: 'requests_limited_total',
    help: 'Requests refused by a rate limit, by what they were counted for',
    labelNames: ['counted'],
    registers: [],
    collect() {
      this.reset();
      for (const [counted, count] of Object.entries(refusals)) this.inc({ counted }, count);
    },
  });
  registry.registerMetric(counter);
}

/** Who answers reads of rows, and how far replicas lag. */
export function measureReplicas(replicas: Replicas, registry: Registry): void {
  const reads = new Counter({
    name: 'database_reads_total',
    help: 'Reads of rows, by the server that answered',
    labelNames: ['server'],
    registers: [],
    collect() {
      this.reset();
      for (const [server, count] of Object.entries(replicas.reads)) this.inc({ server }, count);
    },
  });
  const lags = new Gauge({
    name: 'database_replica_lag_seconds',
    help: 'How long ago a replica was last known to have all that was written',
    labelNames: ['replica'],
    // Of several processes.
    aggregator: 'max',
    registers: [],
    collect() {
      for (const { name, lag } of replicas.states()) this.set({ replica: name }, lag / 1_000);
    },
  });
  registry.registerMetric(reads);
  registry.registerMetric(lags);
}
