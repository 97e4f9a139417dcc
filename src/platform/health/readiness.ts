import { Inject, Injectable, Optional } from '@nestjs/common';
import { RedisConnection } from '../redis/redis-connection.js';
import type { ReplicaState } from '../database/replicas/replica.js';
import { Replicas } from '../database/replicas/replicas.js';
import { Schema } from '../database/schema.js';
import { Queues } from '../queue/queues.js';
import type { ProbeAnswer, ProbeRoutes } from './probe-server.js';
import { GracefulShutdown } from '../http/graceful-shutdown.js';

const CHECK_MILLISECONDS = 2_000;

/** The services that this process uses. It works without Redis and without replicas. */
interface Checks {
  database: 'ok' | 'failed';
  schema?: 'ok' | 'behind';
  cache_redis?: 'ok' | 'failed';
  queue_redis?: 'ok' | 'failed';
  /** In the order of `POSTGRES_REPLICA_URLS`, without their addresses. */
  replicas?: ReplicaState['state'][];
}

/** Whether this process is well, and whether requests or tasks should be sent to it. */
@Injectable()
export class Readiness {
  readonly routes: ProbeRoutes = {
    '/health/live': () => json(200, { status: 'ok' }),
    '/health/ready': () => this.answer(),
  };
  private asked?: Promise<Checks>;

  constructor(
    private readonly schema: Schema,
    private readonly queues: Queues,
    private readonly replicas: Replicas,
    private readonly shutdown: GracefulShutdown,
    @Optional() @Inject(RedisConnection) private readonly cacheRedis?: RedisConnection,
  ) {}

  private async answer(): Promise<ProbeAnswer> {
    if (this.shutdown.isAnnounced) return json(503, { status: 'stopping' });
    // Probes that come together share one answer: many of them are no load for the database.
    this.asked ??= this.check().finally(() => (this.asked = undefined));
    const checks = await this.asked;
    const isReady = checks.database === 'ok' && checks.schema === 'ok';
    return isReady ? json(200, { status: 'ok', checks }) : json(503, { status: 'unavailable', checks });
  }

  private async check(): Promise<Checks> {
    const [pending, cache_redis, queue_redis] = await Promise.all([
      unlessLate(this.schema.pending()),
      this.cacheRedis?.client && unlessLate(this.cacheRedis.ping()),
      this.queues.isInPostgres ? undefined : unlessLate(this.queues.ping()),
    ]);
    const replicas = this.replicas.states().map(({ state }) => state);
    return {
      ...(pending ? { database: 'ok', schema: pending.length === 0 ? 'ok' : 'behind' } : { database: 'failed' }),
      ...(this.cacheRedis?.client && { cache_redis: cache_redis ? 'ok' : 'failed' }),
      ...(replicas.length > 0 && { replicas }),
      ...(!this.queues.isInPostgres && { queue_redis: queue_redis ? 'ok' : 'failed' }),
    };
  }
}

function json(status: number, body: object): ProbeAnswer {
  return { status, type: 'application/json', body: JSON.stringify(body) };
}

/** Undefined for what fails, or takes longer than 2 s. */
async function unlessLate<T>(work: Promise<T>): Promise<T | undefined> {
  const late = AbortSignal.timeout(CHECK_MILLISECONDS);
  return Promise.race([
    work.catch(() => undefined),
    new Promise<undefined>((done) => late.addEventListener('abort', () => done(undefined))),
  ]);
}
