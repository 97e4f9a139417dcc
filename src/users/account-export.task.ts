import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../queue/task.js';

const DAY_SECONDS = 86_400;
const SECTION = 'export section';

/** A list in the export of a user's data, under the name that `@ExportSection` gives it. */
export interface ExportsRows {
  count(user_id: number): Promise<number>;
  /** Page by page, oldest first. */
  pages(user_id: number): AsyncIterable<object[]>;
}

/** Marks a provider of the worker that adds a list to every export. */
export const ExportSection = (name: string): CustomDecorator => SetMetadata(SECTION, name);

interface Section {
  name: string;
  rows: ExportsRows;
}

/**
 * Exports what is stored of a user: the account and the sections of all domains. The pieces are kept in the database for
 * a day, like the task itself, as workers and API processes share nothing else.
 */
@Task('account_export', NoPayload, { public: true, retention: { completed: DAY_SECONDS } })
export class AccountExportTask implements RunsTask {
  constructor(
    private readonly dataSource: DataSource,
    private readonly discovery: DiscoveryService,
  ) {}

  async run(_: NoPayload, context: TaskContext): Promise<{ path: string; characters: number }> {
    const { task_id, owner_user_id, signal } = context;
    await this.dataSource.query('DELETE FROM user_export_part WHERE task_id = $1', [task_id]);
    const sections = this.sections();
    const counts = await Promise.all(sections.map(({ rows }) => rows.count(owner_user_id!)));
    const total = 1 + counts.reduce((sum, count) => sum + count, 0);
    let done = 0;
    let characters = 0;
    let place = 0;
    for await (const { text, rows } of this.pieces(owner_user_id!, sections)) {
      signal.throwIfAborted();
      await this.dataSource.query('INSERT INTO user_export_part (task_id, place, text) VALUES ($1, $2, $3)', [
        task_id,
        place++,
        text,
      ]);
      characters += text.length;
      done += rows;
      context.progress((100 * done) / total);
    }
    return { path: `/users/me/exports/${task_id}`, characters };
  }

  /** The JSON text piece by piece, each with how many rows it has. */
  private async *pieces(user_id: number, sections: Section[]): AsyncGenerator<{ text: string; rows: number }> {
    yield { text: `{"account":${JSON.stringify(await this.account(user_id))}`, rows: 1 };
    for (const { name, rows } of sections) {
      let before = `,${JSON.stringify(name)}:[`;
      for await (const page of rows.pages(user_id)) {
        if (page.length === 0) continue;
        yield { text: before + page.map((row) => JSON.stringify(row)).join(), rows: page.length };
        before = ',';
      }
      yield { text: before === ',' ? ']' : `${before}]`, rows: 0 };
    }
    yield { text: '}', rows: 0 };
  }

  private async account(id: number): Promise<object> {
    const [account] = await this.dataSource.query<object[]>(
      `SELECT id, name, username, email, profile_image_url, is_superuser, created_at, updated_at
       FROM "user" WHERE id = $1`,
      [id],
    );
    if (!account) throw new Error('There is no such user any more');
    return account;
  }

  private sections(): Section[] {
    return this.discovery.getProviders().flatMap(({ metatype, instance }) => {
      const name = metatype && (Reflect.getMetadata(SECTION, metatype) as string | undefined);
      return name ? [{ name, rows: instance as ExportsRows }] : [];
    });
  }
}
