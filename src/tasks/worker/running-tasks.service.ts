import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Sql } from '../../platform/database/sql.js';
import { Notifications } from '../../platform/database/notifications.js';
import { untraced } from '../../platform/runtime/tracing/tracing.js';
import { TASKS_CANCELLED } from '../cancellations.service.js';
import type { Attempt } from './task-starts.service.js';
import { UpcomingTasks } from './upcoming.service.js';

const LOOK_MILLISECONDS = 1_000;

const LOOK = `
  SELECT id AS task_id, round, attempts FROM task
  WHERE id = ANY($1::bigint[]) AND status IN ('queued', 'delayed', 'active')`;

interface Running extends Attempt {
  /** Cuts the run short. */
  cut: () => void;
}

/**
 * What this worker runs. Each run whose row says that it is cancelled, or has no row any more, is cut short: as soon as
 * that is heard, and within a second in case nobody could tell.
 */
@Injectable()
export class RunningTasks implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly running = new Set<Running>();
  private timer?: NodeJS.Timeout;
  private looking?: Promise<void>;
  private isAwaited = false;

  constructor(
    private readonly sql: Sql,
    private readonly notifications: Notifications,
    upcoming: UpcomingTasks,
  ) {
    const look = () => {
      upcoming.forget();
      this.look();
    };
    notifications.subscribe(TASKS_CANCELLED, { heard: look, missed: look });
  }

  onApplicationBootstrap(): void {
    void this.notifications.isListening;
    this.timer = setInterval(() => this.look(), LOOK_MILLISECONDS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** @returns what ends the watch */
  watch(running: Running): () => void {
    this.running.add(running);
    return () => void this.running.delete(running);
  }

  private look(): void {
    this.isAwaited = true;
    this.looking ??= untraced(() => this.lookWhileAwaited()).finally(() => (this.looking = undefined));
  }

  private async lookWhileAwaited(): Promise<void> {
    while (this.isAwaited && this.running.size > 0) {
      this.isAwaited = false;
      // A database that is away is asked again a second later.
      await this.cutShort([...this.running]).catch(() => undefined);
    }
  }

  private async cutShort(all: Running[]): Promise<void> {
    const values = [all.map(({ task_id }) => task_id)];
    const { rows } = await this.sql.apart<Attempt>({ name: 'running_tasks', text: LOOK, values });
    const known = new Map(rows.map((row) => [row.task_id, row]));
    for (const { task_id, round, attempts, cut } of all) {
      const row = known.get(task_id);
      // Another attempt has begun in a worker that took this one for dead, or the row is yet to be marked.
      if (row?.round !== round || row.attempts > attempts) cut();
    }
  }
}
