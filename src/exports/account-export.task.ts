import { Sql } from '../platform/database/sql.js';
import { bytePages } from '../platform/database/crud/byte-bounded-pages.js';
import { type ExportedTable, ExportedTables } from '../platform/database/exported-tables.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../platform/queue/task.js';
import { ExportWritten } from './exports.dto.js';

const DAY_SECONDS = 86_400;
const AGAIN_SECONDS = 600;

interface Piece {
  text: string;
  /** How many rows it has. */
  rows: number;
}

/**
 * Exports what is stored of a user: the account, and whatever else domains add to `ExportedTables`. The pieces are kept in
 * the database, as workers and API processes share nothing else: for a day, like the task itself, or until the next
 * export of that user.
 */
@Task('account_export', NoPayload, {
  public: true,
  result: ExportWritten,
  single: { seconds: AGAIN_SECONDS },
  retention: { completed: DAY_SECONDS },
})
export class AccountExportTask implements RunsTask {
  constructor(
    private readonly tables: ExportedTables,
    private readonly sql: Sql,
  ) {}

  async run(_: NoPayload, context: TaskContext): Promise<ExportWritten> {
    const { task_id, owner_user_id } = context;
    await this.sql.query(
      `DELETE FROM user_export_part WHERE task_id IN (
         SELECT id FROM task WHERE owner_user_id = $1 AND name = 'account_export')`,
      [owner_user_id],
    );
    try {
      return { path: `/users/me/exports/${task_id}`, characters: await this.write(context) };
    } catch (error) {
      await this.sql.query('DELETE FROM user_export_part WHERE task_id = $1', [task_id]);
      throw error;
    }
  }

  /** @returns how many characters it has */
  private async write(context: TaskContext): Promise<number> {
    const { task_id, owner_user_id, signal } = context;
    const counts = await Promise.all(this.tables.all.map((table) => this.count(table, owner_user_id!)));
    const total = counts.reduce((sum, count) => sum + count, 0);
    let [done, characters, place] = [0, 0, 0];
    for await (const { text, rows } of this.pieces(owner_user_id!)) {
      signal.throwIfAborted();
      await this.keep(task_id, place++, text);
      characters += text.length;
      done += rows;
      context.progress((100 * done) / total);
    }
    return characters;
  }

  /** Throws when another export of the same user has begun, and deleted what there was of this one. */
  private async keep(task_id: number, place: number, text: string): Promise<void> {
    const kept = await this.sql.query(
      `INSERT INTO user_export_part (task_id, place, text) SELECT $1, $2::int, $3
       WHERE $2 = 0 OR EXISTS (SELECT FROM user_export_part WHERE task_id = $1 AND place = 0) RETURNING place`,
      [task_id, place, text],
    );
    if (kept.rowCount === 0) throw new Error('A later export has replaced this one');
  }

  private async count({ table, owner }: ExportedTable, user_id: number): Promise<number> {
    const count = `SELECT count(*)::int AS count FROM ${table} WHERE ${owner} = $1`;
    return (await this.sql.query<{ count: number }>(count, [user_id])).rows[0]!.count;
  }

  /** The JSON text, piece by piece. */
  private async *pieces(user_id: number): AsyncGenerator<Piece> {
    let before = '{';
    for (const table of this.tables.all) {
      yield { text: `${before}${JSON.stringify(table.name)}:`, rows: 0 };
      yield* table.isOne ? this.one(table, user_id) : this.list(table, user_id);
      before = ',';
    }
    yield { text: '}', rows: 0 };
  }

  private async *one(table: ExportedTable, user_id: number): AsyncGenerator<Piece> {
    for await (const [row] of this.pages(table, user_id)) return yield { text: JSON.stringify(row), rows: 1 };
    throw new Error('The user no longer exists');
  }

  private async *list(table: ExportedTable, user_id: number): AsyncGenerator<Piece> {
    let before = '[';
    for await (const page of this.pages(table, user_id)) {
      yield { text: before + page.map((row) => JSON.stringify(row)).join(), rows: page.length };
      before = ',';
    }
    yield { text: before === '[' ? '[]' : ']', rows: 0 };
  }

  private async *pages({ table, owner, columns, read }: ExportedTable, user_id: number): AsyncGenerator<object[]> {
    const pages = bytePages<{ id: number }>(this.sql, { table, owner, columns: columns as ['id'] }, user_id);
    for await (const page of pages) yield page.map((row) => read(Object.values(row)));
  }
}
