import { Logger } from '@nestjs/common';
import pg from 'pg';
import { poolOptions } from './data-source.js';
import { NEVER, PATIENCE_MILLISECONDS, type Primary, Server } from './positions.js';

/** A replica that lags more than so many milliseconds is not asked. */
export const MAX_LAG_MILLISECONDS = 5_000;

const REPLAYED = `SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::float8 END AS lsn`;
// It stops, starts or has crashed.
const GONE = /^57P/;

export interface ReplicaState {
  /** Host and port. */
  name: string;
  state: 'ready' | 'lagging' | 'away';
  /** By how much it lags at most, in milliseconds; null while it is away. */
  lag: number | null;
}

/**
 * A read replica, and what it is known to have. A server that crashes starts over from what it had on disk, and answers
 * before it is where it was: so what is known holds for connections that were there when it was looked at, as none
 * outlives a crash, and each new one is asked before it is used.
 */
export class Replica extends Server {
  private readonly logger = new Logger('Replicas');
  private readonly name = new URL(this.url).host;
  private readonly asked = new Set<pg.PoolClient>();
  private connections = 0;
  private pool = this.connect();
  /** It has all that the primary had written then. */
  private mark = NEVER;
  private known?: ReplicaState['state'];

  constructor(
    url: string,
    private readonly primary: Primary,
  ) {
    super(url);
  }

  has(asOf: number): boolean {
    return this.mark.at > asOf && performance.now() - this.mark.at < MAX_LAG_MILLISECONDS;
  }

  /** Undefined if anything goes wrong: it may go well elsewhere. What does not answer is not asked until it has been looked at. */
  async query(query: pg.QueryConfig, asOf: number): Promise<pg.QueryResult | undefined> {
    let client: pg.PoolClient | undefined;
    try {
      client = await this.pool.connect();
      if (!this.asked.has(client)) await this.ask(client);
      const found = this.has(asOf) ? await client.query(query) : undefined;
      client.release();
      return found;
    } catch (error) {
      client?.release(true);
      if (!(error instanceof pg.DatabaseError) || GONE.test(error.code ?? '')) this.mark = NEVER;
      return undefined;
    }
  }

  async look(): Promise<void> {
    const { connections } = this;
    try {
      const lsn = await replayed(this.watch);
      // It may have crashed after it has answered, and before it took that connection.
      if (this.connections !== connections) return;
      this.mark = this.primary.reached(lsn, this.mark);
      if (this.has(-Infinity)) this.tell('ready');
      // At the start nothing tells yet that it lags.
      else if (this.primary.remembers(MAX_LAG_MILLISECONDS)) this.tell('lagging');
    } catch (error) {
      this.lose(error as Error);
    }
  }

  state(): ReplicaState {
    const lag = Math.round(performance.now() - this.mark.at);
    if (!Number.isFinite(lag)) return { name: this.name, state: 'away', lag: null };
    return { name: this.name, state: this.has(-Infinity) ? 'ready' : 'lagging', lag };
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.pool.end()]);
  }

  private connect(): pg.Pool {
    const pool = new pg.Pool({ ...poolOptions(this.url), connectionTimeoutMillis: PATIENCE_MILLISECONDS });
    pool.on('connect', (client) => {
      this.connections++;
      client.on('error', () => undefined);
    });
    pool.on('remove', (client) => this.asked.delete(client));
    pool.on('error', () => undefined);
    return pool;
  }

  private async ask(client: pg.PoolClient): Promise<void> {
    this.asked.add(client);
    const lsn = await replayed(client);
    if (lsn < this.mark.lsn) this.mark = this.primary.reached(lsn, NEVER);
  }

  /** Ends its connections as well: nobody is to wait for an answer that may never come. */
  private lose(reason: Error): void {
    this.mark = NEVER;
    this.tell('away', reason);
    const lost = this.pool;
    this.pool = this.connect();
    for (const client of this.asked) client.end().catch(() => undefined);
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

async function replayed(connections: pg.Pool | pg.PoolClient): Promise<number> {
  const { rows } = await connections.query<{ lsn: number | null }>(REPLAYED);
  if (rows[0]!.lsn === null) throw new Error('it is no replica');
  return rows[0]!.lsn;
}
