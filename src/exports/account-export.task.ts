import { DataSource } from 'typeorm';
import { Sql } from '../platform/database/sql.js';
import { bytePages } from '../platform/database/crud/byte-pages.js';
import { exportedList } from '../platform/database/exported.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../platform/queue/task.js';

const DAY_SECONDS = 86_400;
const AGAIN_SECONDS = 600;

type Row = { id: number };

interface Section {
  name: string;
  count(user_id: number): Promise<number>;
  /** Page by page, oldest first. */
  pages(user_id: number): AsyncIterable<Row[]>;
}

/**
 * Exports what is stored of a user: the account, and the rows of all entities that are `@Exported`. The pieces are kept in
 * the database, as workers and API processes share nothing else: for a day, like the task itself, or until the next
 * export of that user.
 */
@Task('account_export', NoPayload, {
  public: true,
  single: { seconds: AGAIN_SECONDS },
  retention: { completed: DAY_SECONDS },
})
export class AccountExportTask implements RunsTask {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sql: Sql,
  ) {}

  async run(_: NoPayload, context: TaskContext): Promise<{ path: string; characters: number }> {
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
    const sections = this.sections();
    const counts = await Promise.all(sections.map((section) => section.count(owner_user_id!)));
    const total = 1 + counts.reduce((sum, count) => sum + count, 0);
    let [done, characters, place] = [0, 0, 0];
    for await (const { text, rows } of this.pieces(owner_user_id!, sections)) {
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

  /** The JSON text piece by piece, each with how many rows it has. */
  private async *pieces(user_id: number, sections: Section[]): AsyncGenerator<{ text: string; rows: number }> {
    yield { text: `{"account":${JSON.stringify(await this.account(user_id))}`, rows: 1 };
    for (const section of sections) {
      let before = `,${JSON.stringify(section.name)}:[`;
      for await (const page of section.pages(user_id)) {
        yield { text: before + page.map((row) => JSON.stringify(row)).join(), rows: page.length };
        before = ',';
      }
      yield { text: before === ',' ? ']' : `${before}]`, rows: 0 };
    }
    yield { text: '}', rows: 0 };
  }

  private async account(id: number): Promise<object> {
    const { rows } = await this.sql.query(
      `SELECT id, name, username, email, profile_image_url, is_superuser, created_at, updated_at
       FROM "user" WHERE id = $1`,
      [id],
    );
    if (!rows[0]) throw new Error('The user no longer exists');
    return rows[0];
  }

  private sections(): Section[] {
    const { dataSource, sql } = this;
    return dataSource.entityMetadatas.flatMap(({ target, tableName: table, columns: all }) => {
      const list = exportedList(target as object);
      if (!list) return [];
      const { name, owner, leaveOut } = list;
      const columns = all.map(({ propertyName }) => propertyName as keyof Row).filter((one) => !leaveOut.includes(one));
      return {
        name,
        async count(user_id: number) {
          const count = `SELECT count(*)::int AS count FROM ${table} WHERE ${owner} = $1`;
          return (await sql.query<{ count: number }>(count, [user_id])).rows[0]!.count;
        },
        pages: (user_id: number) => bytePages<Row>(sql, { table, columns, owner }, user_id),
      };
    });
  }
}
