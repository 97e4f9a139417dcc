import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Counter, Gauge, Histogram } from 'prom-client';
import { Sql } from '../../platform/database/sql.js';
import { Probes } from '../../platform/health/probes.js';
import { inTime, Queues } from '../../platform/queue/queues.js';

// Seconds, from a task that only writes a row to one that runs for an hour.
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600, 3_600];

const HELD_BACK = `
  SELECT count(*)::int AS n FROM task
  WHERE owner_user_id IS NOT NULL AND run_at IS NULL AND finished_at IS NULL AND relayed_at IS NULL`;

/** What Prometheus learns of tasks from a worker. */
@Injectable()
export class TaskMetrics {
  private readonly endings: Counter;
  private readonly durations: Histogram;

  constructor({ registry }: Probes, queues: Queues, sql: Sql) {
    const registers = [registry];
    this.endings = new Counter({
      name: 'tasks_ended_total',
      help: 'Tasks that have ended',
      labelNames: ['name', 'status'],
      registers,
    });
    this.durations = new Histogram({
      name: 'task_duration_seconds',
      help: 'Duration of the last attempt of a task',
      labelNames: ['name'],
      buckets: BUCKETS,
      registers,
    });
    const depth = new Gauge({
      name: 'queue_tasks',
      help: 'Tasks in a queue',
      labelNames: ['queue', 'status'],
      registers: [],
      async collect() {
        const depths = await Promise.all(queues.all.map(depthOf));
        this.reset();
        for (const { name, counts } of depths) {
          for (const [status, count] of Object.entries(counts)) this.set({ queue: name, status }, count);
        }
      },
    });
    const held = new Gauge({
      name: 'tasks_held_back',
      help: 'Tasks that wait until other tasks of their owner have ended',
      registers: [],
      async collect() {
        const counted = await inTime(sql.query<{ n: number }>(HELD_BACK)).catch(() => undefined);
        if (counted) this.set(counted.rows[0]!.n);
        else this.reset();
      },
    });
    for (const gauge of [depth, held]) registry.registerMetric(gauge);
  }

  /** While it was running: a task that is cancelled while it waits never starts. */
  cancelled(name: string): void {
    this.endings.inc({ name, status: 'cancelled' });
  }

  ended(name: string, status: string, seconds: number): void {
    this.endings.inc({ name, status });
    this.durations.observe({ name }, seconds);
  }
}

/** A queue that does not answer has no metrics. */
async function depthOf(queue: Queue): Promise<{ name: string; counts: Record<string, number> }> {
  const counts = inTime(queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active', 'failed'));
  return { name: queue.name, counts: await counts.catch(() => ({})) };
}
