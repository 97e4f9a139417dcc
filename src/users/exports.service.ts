import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../http/caller.js';
import { TasksService } from '../tasks/tasks.service.js';
import { ExportNotFound } from './users.errors.js';

/** Finished exports of users' data. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly tasks: TasksService,
    private readonly dataSource: DataSource,
  ) {}

  /** The JSON text of the caller's own export, piece by piece. Throws `ExportNotFound`, also until it is complete. */
  async open(task_id: number, caller: Caller): Promise<AsyncGenerator<string>> {
    if (!(await this.tasks.hasCompleted(task_id, { name: 'account_export', owner_user_id: caller.id }))) {
      throw new ExportNotFound();
    }
    return this.pieces(task_id);
  }

  private async *pieces(task_id: number): AsyncGenerator<string> {
    const select = 'SELECT text FROM user_export_part WHERE task_id = $1 AND place = $2';
    for (let place = 0; ; place++) {
      const [part] = await this.dataSource.query<{ text: string }[]>(select, [task_id, place]);
      if (!part) return;
      yield part.text;
    }
  }
}
