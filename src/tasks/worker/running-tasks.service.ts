import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Sql } from '../../platform/database/sql.js';
import { Lookout } from '../../platform/database/lookout.js';
import { Notifications } from '../../platform/database/notifications.js';
import { untraced } from '../../platform/runtime/tracing/tracing.js';
import { TASKS_CANCELLED } from '../cancellations.service.js';
import type { Attempt } from './task-starts.service.js';
import { UpcomingTasks } from './upcoming.service.js';

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
  private readonly lookout: Lookout;

  constructor(
    private readonly sql: Sql,
    notifications: Notifications,
    upcoming: UpcomingTasks,
  ) {
    this.lookout = new Lookout(notifications, () => untraced(() => this.cutShort([...this.running])));
    const look = () => {
      upcoming.forget();
      this.lookout.look();
    };
    notifications.subscribe(TASKS_CANCELLED, { heard: look, missed: look });
  }

  onApplicationBootstrap(): void {
    this.lookout.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.lookout.stop();
  }

  /** @returns what ends the watch */
  watch(running: Running): () => void {
    this.running.add(running);
    return () => void this.running.delete(running);
  }

  private async cutShort(all: Running[]): Promise<void> {
    // A database that is away is asked again a second later.
    const rows = all.length > 0 ? await this.standing(all).catch(() => undefined) : undefined;
    if (!rows) return;
    const known = new Map(rows.map((row) => [row.task_id, row]));
    for (const { task_id, round, attempts, cut } of all) {
      const row = known.get(task_id);
      // Another attempt has begun in a worker that took this one for dead, or the row is yet to be marked.
      if (row?.round !== round || row.attempts > attempts) cut();
    }
  }

  private async standing(all: Running[]): Promise<Attempt[]> {
    const values = [all.map(({ task_id }) => task_id)];
    return (await this.sql.apart<Attempt>({ name: 'running_tasks', text: LOOK, values })).rows;
  }
}
