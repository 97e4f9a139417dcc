import cluster from 'node:cluster';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AggregatorRegistry, collectDefaultMetrics, type PrometheusContentType } from 'prom-client';
import { settingsOf } from '../config/settings.js';
import { Sql } from '../database/sql.js';
import { HealthConfig } from './health.config.js';
import { measureLog, measurePool } from './metrics.js';
import { type ProbeAnswer, ProbeServer } from './probe-server.js';
import { Readiness } from './readiness.js';

const FORWARD_MILLISECONDS = 3_000;

// In a cluster, the process that collects all metrics waits for every process, even for one that is starting.
const registry = new AggregatorRegistry<PrometheusContentType>();

export const IS_SERVED = Symbol('whether this process is probed');

/** Shows an operator how this process is, on `METRICS_PORT`. Whoever measures something registers it in `registry`. */
@Injectable()
export class Probes implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly registry = registry;
  /** Whether there is a metrics port. */
  readonly isOn: boolean;
  private server?: ProbeServer;

  constructor(
    private readonly config: HealthConfig,
    private readonly readiness: Readiness,
    private readonly sql: Sql,
    @Inject(IS_SERVED) isServed: boolean,
  ) {
    this.isOn = isServed && config.METRICS_PORT !== undefined;
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.isOn) return;
    collectDefaultMetrics({ register: this.registry });
    measurePool(this.sql, this.registry);
    measureLog(this.registry);
    if (cluster.isWorker) return AggregatorRegistry.setRegistries([this.registry]);
    this.server = await ProbeServer.listen(this.config.METRICS_PORT!, {
      ...this.readiness.routes,
      '/metrics': () => shown(this.registry.contentType, () => this.registry.metrics()),
    });
  }

  onApplicationShutdown(): void {
    this.server?.close();
  }
}

/**
 * The metrics of all processes of a cluster together, on `METRICS_PORT` of the one that started them. Their health is
 * asked of whichever takes the request.
 * @param processes the cluster, whose processes need not have started
 */
export async function serveClusterProbes(processes: { url?: string }): Promise<ProbeServer | undefined> {
  const { METRICS_PORT } = settingsOf(HealthConfig);
  if (METRICS_PORT === undefined) return undefined;
  return ProbeServer.listen(METRICS_PORT, {
    '/health/live': () => forwarded(processes, '/health/live'),
    '/health/ready': () => forwarded(processes, '/health/ready'),
    '/metrics': () => shown(registry.contentType, () => registry.clusterMetrics()),
  });
}

async function forwarded({ url }: { url?: string }, path: string): Promise<ProbeAnswer> {
  try {
    const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(FORWARD_MILLISECONDS) });
    return { status: answer.status, type: 'application/json', body: await answer.text() };
  } catch {
    return { status: 503, type: 'application/json', body: '{"status":"unavailable"}' };
  }
}

async function shown(type: string, metrics: () => Promise<string>): Promise<ProbeAnswer> {
  try {
    return { status: 200, type, body: await metrics() };
  } catch (error) {
    new Logger(Probes.name).warn(`metrics could not be collected: ${(error as Error).message}`);
    return { status: 503, type: 'text/plain', body: '' };
  }
}
