import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/http/access/caller.js';
import { Sql } from '../platform/database/sql.js';
import { TasksService } from '../tasks/tasks.service.js';
import { ExportNotFound } from './exports.errors.js';

/** Finished exports of users' data. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly tasks: TasksService,
    private readonly sql: Sql,
  ) {}

  /**
   * The JSON text of the caller's own export, piece by piece. Throws `ExportNotFound`, also until it is complete and when
   * a later one has begun.
   */
  async open(task_id: number, caller: Caller): Promise<AsyncGenerator<string>> {
    const isComplete = await this.tasks.hasCompleted(task_id, { name: 'account_export', owner_user_id: caller.id });
    const count = isComplete ? await this.count(task_id) : 0;
    if (count === 0) throw new ExportNotFound();
    return this.pieces(task_id, count);
  }

  private async count(task_id: number): Promise<number> {
    const select = 'SELECT count(*)::int AS count FROM user_export_part WHERE task_id = $1';
    return (await this.sql.query<{ count: number }>(select, [task_id])).rows[0]!.count;
  }

  /** Throws, and so breaks the response off, if a later export begins in the meantime. */
  private async *pieces(task_id: number, count: number): AsyncGenerator<string> {
    const select = 'SELECT text FROM user_export_part WHERE task_id = $1 AND place = $2';
    for (let place = 0; place < count; place++) {
      const { rows } = await this.sql.query<{ text: string }>(select, [task_id, place]);
      if (!rows[0]) throw new Error('A later export has replaced this one');
      yield rows[0].text;
    }
  }
}
