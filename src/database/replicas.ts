import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { poolOptions } from './data-source.js';
import { DatabaseConfig } from './database.config.js';

/** A replica that lags more than so many milliseconds is not asked. */
export const MAX_LAG_MILLISECONDS = 5_000;
const LOOK_MILLISECONDS = 500;
const PATIENCE_MILLISECONDS = 1_000;
// At the end of a page PostgreSQL tells where the next record may begin, after 24 bytes of header. No commit is as short.
const PAGE_HEADER_BYTES = 24;

const WRITTEN = `SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS lsn`;
const REPLAYED = `SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::float8 END AS lsn`;

/** How far the primary had written at a moment (`performance.now()`). */
interface Mark {
  lsn: number;
  at: number;
}

export interface ReplicaState {
  /** Host and port. */
  name: string;
  state: 'ready' | 'lagging' | 'away';
  /** By how much it lags at most, in milliseconds; null while it is away. */
  lag: number | null;
}

/**
 * The read replicas of `POSTGRES_REPLICA_URLS`. Twice a second the primary is asked how far it has written, and each
 * replica how far it has followed: so it is known up to which moment a replica has all that was committed.
 */
@Injectable()
export class Replicas implements OnModuleDestroy {
  private readonly primary: Server;
  private readonly replicas: Replica[];
  private marks: Mark[] = [];
  private turn = 0;
  private isWatching = false;

  constructor(config: DatabaseConfig) {
    this.primary = new Server(config.url);
    this.replicas = config.replicaUrls.map((url) => new Replica(url));
  }

  get areThere(): boolean {
    return this.replicas.length > 0;
  }

  /**
   * What a replica answers that has all that was committed at `asOf` (`performance.now()`); undefined when none has, or
   * none answers: then it is for the primary.
   */
  async query(query: pg.QueryConfig, asOf: number): Promise<pg.QueryResult | undefined> {
    this.watch();
    const first = this.turn++;
    for (let index = 0; index < this.replicas.length; index++) {
      const replica = this.replicas[(first + index) % this.replicas.length]!;
      const found = replica.has(asOf) && (await replica.query(query));
      if (found) return found;
    }
    return undefined;
  }

  /** Of each replica, for probes; all are away until they have been looked at. */
  states(): ReplicaState[] {
    this.watch();
    return this.replicas.map((replica) => replica.state());
  }

  async onModuleDestroy(): Promise<void> {
    this.isWatching = false;
    await Promise.all([this.primary, ...this.replicas].map((server) => server.close()));
  }

  private watch(): void {
    if (this.isWatching || !this.areThere) return;
    this.isWatching = true;
    void this.repeat(() => this.mark());
    for (const replica of this.replicas) void this.repeat(() => replica.look(this.marks));
  }

  private async repeat(look: () => Promise<void>): Promise<void> {
    while (this.isWatching) {
      await look();
      await sleep(LOOK_MILLISECONDS, undefined, { ref: false });
    }
  }

  private async mark(): Promise<void> {
    const at = performance.now();
    try {
      const lsn = await this.primary.position(WRITTEN);
      const known = this.marks.filter((mark) => at - mark.at < MAX_LAG_MILLISECONDS);
      this.marks = [...known, { at, lsn: lsn! }];
    } catch {
      // Then nothing tells how far replicas lag, and soon none is asked.
    }
  }
}

/** A server that is asked how far it is, on a connection on which nobody waits in front. */
class Server {
  private readonly watch: pg.Pool;

  constructor(protected readonly url: string) {
    const patience = { connectionTimeoutMillis: PATIENCE_MILLISECONDS, query_timeout: PATIENCE_MILLISECONDS };
    this.watch = new pg.Pool({ ...poolOptions(url, 'replicas'), ...patience, max: 1 });
    this.watch.on('error', () => undefined);
  }

  /** The place in the log, as a number of bytes. */
  async position(sql: string): Promise<number | null> {
    const { rows } = await this.watch.query<{ lsn: number | null }>(sql);
    return rows[0]!.lsn;
  }

  close(): Promise<void> {
    return this.watch.end();
  }
}

class Replica extends Server {
  private readonly logger = new Logger(Replicas.name);
  private readonly name = new URL(this.url).host;
  private readonly connected = new Set<pg.PoolClient>();
  private pool = this.connect();
  /** All that was committed by then is there; nothing is known to be while it is away. */
  private caughtUpTo = -Infinity;
  private known?: ReplicaState['state'];

  has(asOf: number): boolean {
    return this.caughtUpTo > asOf && performance.now() - this.caughtUpTo < MAX_LAG_MILLISECONDS;
  }

  /** Undefined if anything goes wrong: it may go well elsewhere. What does not answer is not asked until it has been looked at. */
  async query(query: pg.QueryConfig): Promise<pg.QueryResult | undefined> {
    try {
      return await this.pool.query(query);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) this.caughtUpTo = -Infinity;
      return undefined;
    }
  }

  async look(marks: Mark[]): Promise<void> {
    try {
      const lsn = await this.position(REPLAYED);
      if (lsn === null) throw new Error('it is no replica');
      this.caughtUpTo = marks.findLast((mark) => mark.lsn - PAGE_HEADER_BYTES <= lsn)?.at ?? this.caughtUpTo;
      this.tell(this.has(-Infinity) ? 'ready' : 'lagging');
    } catch (error) {
      this.lose(error as Error);
    }
  }

  state(): ReplicaState {
    const lag = Math.round(performance.now() - this.caughtUpTo);
    if (!Number.isFinite(lag)) return { name: this.name, state: 'away', lag: null };
    return { name: this.name, state: this.has(-Infinity) ? 'ready' : 'lagging', lag };
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.pool.end()]);
  }

  private connect(): pg.Pool {
    const pool = new pg.Pool({ ...poolOptions(this.url), connectionTimeoutMillis: PATIENCE_MILLISECONDS });
    pool.on('connect', (client) => this.connected.add(client));
    pool.on('remove', (client) => this.connected.delete(client));
    pool.on('error', () => undefined);
    return pool;
  }

  /** Ends its connections as well: nobody is to wait for an answer that may never come. */
  private lose(reason: Error): void {
    this.caughtUpTo = -Infinity;
    this.tell('away', reason);
    const lost = this.pool;
    this.pool = this.connect();
    for (const client of this.connected) client.end().catch(() => undefined);
    lost.end().catch(() => undefined);
  }

  /** Logs each change once. */
  private tell(state: ReplicaState['state'], reason?: Error): void {
    if (state === this.known) return;
    if (this.known !== undefined || state !== 'ready') {
      this.logger.warn(`the replica ${this.name} is ${state}${reason ? `: ${reason.message}` : ''}`);
    }
    this.known = state;
  }
}
