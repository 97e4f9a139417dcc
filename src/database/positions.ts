/** How far servers are in the log of the primary, as a number of bytes. */
import pg from 'pg';
import { poolOptions } from './data-source.js';

export const PATIENCE_MILLISECONDS = 1_000;
// How long ago a server may have fallen behind for its lag to be told.
const KEPT_MILLISECONDS = 60_000;
// At the end of a page PostgreSQL tells where the next record may begin, after 24 bytes of header. No commit is as short.
const PAGE_HEADER_BYTES = 24;

const WRITTEN = `SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS lsn`;

/** How far the primary had written at a moment (`performance.now()`). */
export interface Mark {
  lsn: number;
  at: number;
}

export const NEVER: Mark = { lsn: -Infinity, at: -Infinity };

/** A server that is asked how far it is, on a connection on which nobody waits in front. */
export class Server {
  protected readonly watch: pg.Pool;

  constructor(protected readonly url: string) {
    const patience = { connectionTimeoutMillis: PATIENCE_MILLISECONDS, query_timeout: PATIENCE_MILLISECONDS };
    this.watch = new pg.Pool({ ...poolOptions(url, 'replicas'), ...patience, max: 1 });
    this.watch.on('error', () => undefined);
  }

  close(): Promise<void> {
    return this.watch.end();
  }
}

/** The primary, which remembers how far it had written when. */
export class Primary extends Server {
  private marks: Mark[] = [];

  async look(): Promise<void> {
    const at = performance.now();
    try {
      const { rows } = await this.watch.query<{ lsn: number }>(WRITTEN);
      const kept = this.marks.filter((mark) => at - mark.at < KEPT_MILLISECONDS);
      this.marks = [...kept, { at, lsn: rows[0]!.lsn - PAGE_HEADER_BYTES }];
    } catch {
      // Then nothing tells how far replicas lag, and soon none is asked.
    }
  }

  /** Whether it knows what it had written so many milliseconds ago. */
  remembers(milliseconds: number): boolean {
    return performance.now() - (this.marks[0]?.at ?? Infinity) > milliseconds;
  }

  /** The latest mark that a server has reached which is so far; `known` is one of before. */
  reached(lsn: number, known: Mark): Mark {
    return [known, ...this.marks].findLast((mark) => mark.lsn <= lsn) ?? NEVER;
  }
}
