import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CronExpressionParser } from 'cron-parser';
import { Sql } from '../../platform/database/sql.js';
import { Transactions } from '../../platform/database/transactions.js';
import { StartRefused } from '../../platform/runtime/start-refused.js';
import { TaskRegistry } from '../../platform/queue/task.registry.js';
import { Outbox } from '../outbox.service.js';

const LOOK_MILLISECONDS = 1_000;

/**
 * Queues tasks that have a schedule, once for each time however many workers there are: a row tells up to when a schedule
 * has been followed, and who moves it queues the task, in one transaction. Of what was missed while no worker ran, only
 * the last time is made up for.
 */
@Injectable()
export class Schedules implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Schedules.name);
  private readonly due = new Map<string, number>();
  private timer?: NodeJS.Timeout;
  private following?: Promise<void>;

  constructor(
    private readonly registry: TaskRegistry,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
    private readonly outbox: Outbox,
  ) {}

  /** Throws when a schedule cannot be read. */
  onApplicationBootstrap(): void {
    for (const { name, schedule } of this.registry.all) if (schedule) previous(name, schedule, new Date());
    this.timer = setInterval(() => {
      this.following ??= this.follow().finally(() => (this.following = undefined));
    }, LOOK_MILLISECONDS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.following;
  }

  private async follow(): Promise<void> {
    for (const { name, schedule } of this.registry.all) {
      if (!schedule) continue;
      const time = previous(name, schedule, new Date());
      if (this.due.get(name) === time.getTime()) continue;
      try {
        await this.followUntil(name, time);
        this.due.set(name, time.getTime());
      } catch (error) {
        this.logger.warn(`task ${name} could not be queued by its schedule: ${(error as Error).message}`);
      }
    }
  }

  /** A schedule that nobody has followed yet begins with its next time. */
  private followUntil(name: string, time: Date): Promise<void> {
    return this.transactions.run(async () => {
      const { rows } = await this.sql.query<{ is_new: boolean }>(
        `INSERT INTO task_schedule AS one (name, last_due_at) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET last_due_at = $2 WHERE one.last_due_at < $2
         RETURNING xmax = 0 AS is_new`,
        [name, time],
      );
      if (rows[0]?.is_new === false) await this.outbox.put({ name, payload: {} });
    });
  }
}

/** The last time at or before `now`. */
function previous(name: string, schedule: string, now: Date): Date {
  try {
    const after = new Date(now.getTime() + 1);
    return CronExpressionParser.parse(schedule, { tz: 'UTC', currentDate: after }).prev().toDate();
  } catch (error) {
    throw new StartRefused(`the schedule of task ${name} is not a cron pattern: ${schedule}`, { cause: error });
  }
}
