import { Sql } from '../platform/database/sql.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../platform/queue/task.js';
import { Storage } from '../platform/storage/storage.js';
import { FOLDER, nameIn } from './photo-files.js';
import { UPLOADS } from './photo-uploads.service.js';

const BATCH = 500;
// What is being stored may get its row at any moment.
const MILLISECONDS = 60 * 60 * 1_000;

/** Deletes files that no photo names: of purged accounts, of processes that were killed, of uploads that nobody confirmed. */
@Task('stray_photos', NoPayload, { schedule: '15 * * * *' })
export class StrayPhotosTask implements RunsTask {
  constructor(
    private readonly storage: Storage,
    private readonly sql: Sql,
  ) {}

  async run(_: NoPayload, { signal }: TaskContext): Promise<{ deleted: number }> {
    const before = Date.now() - MILLISECONDS;
    let deleted = 0;
    for (const folder of [FOLDER, UPLOADS]) {
      for await (const keys of this.batches(folder, before)) {
        if (signal.aborted) return { deleted };
        deleted += await this.sweep(keys);
      }
    }
    return { deleted };
  }

  private async *batches(folder: string, before: number): AsyncGenerator<string[]> {
    let keys: string[] = [];
    for await (const { key, stored_at } of this.storage.list(folder)) {
      if (stored_at.getTime() < before) keys.push(key);
      if (keys.length < BATCH) continue;
      yield keys;
      keys = [];
    }
    if (keys.length > 0) yield keys;
  }

  private async sweep(keys: string[]): Promise<number> {
    const names = [...new Set(keys.flatMap((key) => nameIn(key) ?? []))];
    const { rows } = await this.sql.query<{ name: string }>('SELECT name FROM photo WHERE name = ANY($1)', [names]);
    const named = new Set(rows.map(({ name }) => name));
    const strays = keys.filter((key) => !named.has(nameIn(key) ?? ''));
    for (const key of strays) await this.storage.delete(key);
    return strays.length;
  }
}
