import { getQueueToken } from '@nestjs/bullmq';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { assertSchemaCompatibility, LATEST_SCHEMA_VERSION, type Queue, SchemaMigrationRequiredError } from 'bullmq';
import type { RedisClient } from '../redis/redis-client.js';
import { Sql } from '../database/sql.js';
import { Transactions } from '../database/transactions.js';
import { StartRefused } from '../runtime/start-refused.js';
import { QueueConfig } from './queue.config.js';
import { queueOf, queues, type TaskJob } from './queue.js';
import { QueueUnavailable } from './queue.errors.js';
import type { TaskDefinition } from './task.js';

const PATIENCE_MILLISECONDS = 1_000;
const QUIET_MILLISECONDS = 60_000;
// The error of every command in a Redis Cluster that lacks a server.
const INCOMPLETE = /^Too many Cluster redirections/;

// The lists and sets of jobs that wait, then the job itself.
const REMOVE_WAITING = `
  local removed = redis.call('LREM', KEYS[1], 1, ARGV[1]) + redis.call('LREM', KEYS[2], 1, ARGV[1])
    + redis.call('ZREM', KEYS[3], ARGV[1]) + redis.call('ZREM', KEYS[4], ARGV[1])
  if removed > 0 then redis.call('DEL', KEYS[5]) end
  return removed`;

export type Jobs = Parameters<Queue<TaskJob>['addBulk']>[0];

/** The queues. Each call takes at most a second, or throws. */
@Injectable()
export class Queues implements OnApplicationBootstrap {
  private readonly queues = new Map<string, Queue<TaskJob>>();
  /** Those that could be reached since this process began. */
  private readonly reached = new Set<Queue<TaskJob>>();
  private readonly logger = new Logger(Queues.name);
  private quietUntil = 0;
  /** Else they are in Redis. */
  readonly isInPostgres: boolean;

  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly sql: Sql,
    private readonly transactions: Transactions,
    { redis }: QueueConfig,
  ) {
    this.isInPostgres = redis === undefined;
  }

  /**
   * Throws when the queue is in PostgreSQL and its schema is behind, or it cannot be reached: BullMQ would never try again.
   * Redis gets a second to be there.
   */
  async onApplicationBootstrap(): Promise<void> {
    for (const name of queues().keys()) {
      const queue = this.moduleRef.get<Queue<TaskJob>>(getQueueToken(name), { strict: false });
      // A lost connection is mended by BullMQ; without a listener it would end the process.
      queue.on('error', (error) => this.report(error));
      this.queues.set(name, queue);
    }
    if (this.isInPostgres) await this.refuseOldSchema();
    const reached = Promise.all(this.all.map((queue) => this.reach(queue)));
    await (this.isInPostgres ? reached : inTime(reached).catch(() => undefined));
  }

  get all(): Queue<TaskJob>[] {
    return [...this.queues.values()];
  }

  of(task: TaskDefinition): Queue<TaskJob> {
    return this.queues.get(queueOf(task))!;
  }

  /** Logs an error of a queue, or of a worker: that a cluster lacks a server once a minute. */
  report(error: Error): void {
    const isIncomplete = INCOMPLETE.test(error.message);
    if (isIncomplete && Date.now() < this.quietUntil) return;
    if (isIncomplete) this.quietUntil = Date.now() + QUIET_MILLISECONDS;
    this.logger.error(error);
  }

  /** Adds jobs to a queue, those that it knows by their ids left out. What it does not answer in time may still get there. */
  async add(queue: Queue<TaskJob>, jobs: Jobs): Promise<void> {
    // BullMQ would keep them in memory until it is.
    if (!this.reached.has(queue)) throw new QueueUnavailable();
    await inTime(queue.addBulk(jobs));
  }

  /** Resolves when the queues can be asked. */
  async ping(): Promise<true> {
    await inTime(this.all[0]!.count());
    return true;
  }

  /**
   * Takes a job out of its queue if it waits there; says whether it has. BullMQ would also remove one that has ended, and
   * in PostgreSQL one that a worker takes at that moment.
   */
  async removeWaiting(task: TaskDefinition, jobId: string): Promise<boolean> {
    const queue = this.of(task);
    return this.isInPostgres ? this.removeFromPostgres(queue, jobId) : inTime(this.removeFromRedis(queue, jobId));
  }

  private async reach(queue: Queue<TaskJob>): Promise<void> {
    await queue.waitUntilReady();
    this.reached.add(queue);
  }

  private async refuseOldSchema(): Promise<void> {
    const version = await assertSchemaCompatibility(this.sql).catch((error: unknown) => {
      if (error instanceof SchemaMigrationRequiredError) return 0;
      throw error;
    });
    if (version < LATEST_SCHEMA_VERSION) throw new StartRefused("the queue's schema is behind, run migrate first");
  }

  private removeFromPostgres({ name }: Queue, jobId: string): Promise<boolean> {
    return this.transactions.run(async () => {
      const { rowCount } = await this.sql.query(
        `SELECT 1 FROM bullmq.job WHERE queue = $1 AND id = $2 AND state IN ('waiting', 'delayed') FOR UPDATE SKIP LOCKED`,
        [name, jobId],
      );
      if (rowCount === 0) return false;
      await this.sql.query('SELECT bullmq.remove($1, $2, false)', [name, jobId]);
      return true;
    });
  }

  private async removeFromRedis(queue: Queue, jobId: string): Promise<boolean> {
    const client = (await queue.getBackend().client) as unknown as RedisClient;
    const keys = [...['wait', 'paused', 'prioritized', 'delayed'].map((name) => queue.toKey(name)), queue.toKey(jobId)];
    return (await client.eval(REMOVE_WAITING, keys.length, ...keys, jobId)) === 1;
  }
}

/** Does not wait for an unresponsive Redis; the command may still take effect. */
export function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new QueueUnavailable()), PATIENCE_MILLISECONDS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
