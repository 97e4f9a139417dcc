/** How far servers are in the log of the primary, as a number of bytes. */
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { poolOptions } from '../data-source.js';

export const PATIENCE_MILLISECONDS = 1_000;
// How long ago a server may have fallen behind for its lag to be told.
const KEPT_MILLISECONDS = 60_000;
const PAGE_BYTES = 8_192;
const MAX_HEADER_BYTES = 40;

const WHICH_DATABASE = `
  (SELECT system_identifier FROM pg_control_system()) || '/' ||
  (SELECT oid FROM pg_database WHERE datname = current_database())`;
const WRITTEN = `SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS lsn, ${WHICH_DATABASE} AS database`;
const REPLAYED = `
  SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::float8 END AS lsn,
  ${WHICH_DATABASE} AS database`;

/** How far the primary had written at a moment (`performance.now()`). */
export interface Mark {
  lsn: number;
  at: number;
}

export interface Position {
  /** Null for a server that follows no other. */
  lsn: number | null;
  /** Tells apart databases with different pasts, and those of one server. */
  database: string;
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
  /** That of `Position`, once it has been asked. */
  database?: string;
  private readonly logger = new Logger('Replicas');
  private marks: Mark[] = [];
  private isSilent = false;

  async look(): Promise<void> {
    const at = performance.now();
    try {
      const { rows } = await this.watch.query<{ lsn: number; database: string }>(WRITTEN);
      const { lsn, database } = rows[0]!;
      const kept = this.marks.filter((mark) => at - mark.at < KEPT_MILLISECONDS);
      this.marks = [...(database === this.database ? kept : []), { at, lsn: endOf(lsn) }];
      this.database = database;
      this.isSilent = false;
    } catch (error) {
      // Then nothing tells how far replicas lag, and soon none is asked.
      const { message } = error as Error;
      if (!this.isSilent) this.logger.warn(`the primary does not say how far it has written: ${message}`);
      this.isSilent = true;
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

export async function replayed(connections: pg.Pool | pg.PoolClient): Promise<Position> {
  const { rows } = await connections.query<Position>(REPLAYED);
  return rows[0]!;
}

/**
 * Where the last record ends. If a page ends there as well, PostgreSQL tells where the next may begin: after a header of
 * 24 bytes, or of 40 in a new file. No record that begins in a page ends as early in it.
 */
function endOf(lsn: number): number {
  const inPage = lsn % PAGE_BYTES;
  return inPage <= MAX_HEADER_BYTES ? lsn - inPage : lsn;
}
