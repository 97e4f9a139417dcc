import { Injectable } from '@nestjs/common';
import { Sql } from '../../platform/database/sql.js';
import { StartRefused } from '../../platform/runtime/start-refused.js';
import { TaskRegistry } from '../../platform/queue/task.registry.js';

// BullMQ on PostgreSQL tells by the workers' own clocks whether one of them still holds a task, for 20 s.
const MAX_SECONDS_APART = 5;

/** What must be true before a worker takes tasks. */
@Injectable()
export class WorkerCheck {
  private checked?: Promise<void>;

  constructor(
    private readonly sql: Sql,
    private readonly registry: TaskRegistry,
  ) {}

  /** Throws when a task is queued that nobody could run, or this machine's clock is not the database's. */
  pass(): Promise<void> {
    return (this.checked ??= this.check());
  }

  private async check(): Promise<void> {
    const [unknown, apart] = await Promise.all([this.unknownTasks(), this.secondsApart()]);
    if (unknown.length > 0) {
      throw new StartRefused(`tasks named ${unknown.join(', ')} are queued, but no class has that name`);
    }
    if (Math.abs(apart) > MAX_SECONDS_APART) {
      throw new StartRefused(
        `the clock is ${Math.abs(apart).toFixed(1)} s ${apart > 0 ? 'ahead of' : 'behind'} the database's`,
      );
    }
  }

  private async unknownTasks(): Promise<string[]> {
    const { rows } = await this.sql.query<{ name: string }>(
      `SELECT DISTINCT name FROM task WHERE status IN ('queued', 'delayed', 'active') AND name <> ALL($1) ORDER BY name`,
      [this.registry.all.map(({ name }) => name)],
    );
    return rows.map(({ name }) => name);
  }

  private async secondsApart(): Promise<number> {
    const before = Date.now();
    const { rows } = await this.sql.query<{ now: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 AS now',
    );
    return (before + Date.now()) / 2_000 - rows[0]!.now;
  }
}
