import { Logger } from '@nestjs/common';
import pg from 'pg';
import { poolOptions } from '../data-source.js';
import { problemWithPooler } from '../pooler.js';
import { NEVER, PATIENCE_MILLISECONDS, type Primary, replayed, Server } from './positions.js';
import { ANYWHERE, CONNECTION_FAILED, isSqlstate, PASSING } from '../sqlstates.js';

/** A replica that lags more than so many milliseconds is not asked. */
export const MAX_LAG_MILLISECONDS = 5_000;

const ALONE_MILLISECONDS = 5_000;

/** It answers, but not as a replica of this primary has to. */
class Unusable extends Error {}

export interface ReplicaState {
  /** Host and port. */
  name: string;
  state: 'ready' | 'lagging' | 'away' | 'unusable';
  /** How long ago it was last known to have all that was written, in milliseconds. */
  lag: number;
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
  private caughtUpAt = performance.now();
  private known?: ReplicaState['state'];
  private told?: string;
  private isDirect = false;
  /** The read that it has refused. */
  private refused?: pg.QueryConfig;
  private aloneUntil = -Infinity;

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
      if (isGone(error)) this.mark = NEVER;
      else if (!isSqlstate(error, ANYWHERE)) this.refuse(query, error as Error);
      return undefined;
    }
  }

  /** What is unusable is left alone for a while. */
  async look(): Promise<void> {
    if (performance.now() < this.aloneUntil) return;
    const { connections } = this;
    try {
      const problem = !this.isDirect && (await problemWithPooler(this.url));
      if (problem) throw new Unusable(problem);
      this.isDirect = true;
      const lsn = await this.position(this.watch);
      if (this.refused) await this.watch.query(this.refused);
      this.refused = undefined;
      // It may have crashed after it has answered, and before it took that connection.
      if (this.connections !== connections) return;
      this.mark = this.primary.reached(lsn, this.mark);
      if (this.mark !== NEVER) this.caughtUpAt = this.mark.at;
      if (this.has(-Infinity)) this.tell('ready');
      // At the start nothing tells yet that it lags.
      else if (this.primary.remembers(MAX_LAG_MILLISECONDS)) this.tell('lagging');
    } catch (error) {
      this.lose(error as Error);
    }
  }

  state(): ReplicaState {
    // It may have failed a read since it has been looked at.
    const known = this.known === 'ready' ? 'away' : (this.known ?? 'away');
    const state = this.has(-Infinity) ? 'ready' : known;
    return { name: this.name, state, lag: performance.now() - this.caughtUpAt };
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
    const lsn = await this.position(client);
    if (lsn < this.mark.lsn) this.mark = this.primary.reached(lsn, NEVER);
  }

  private async position(connections: pg.Pool | pg.PoolClient): Promise<number> {
    const { lsn, database } = await replayed(connections);
    if (lsn === null) throw new Unusable('it is not a replica');
    const { database: own = database } = this.primary;
    if (database !== own) throw new Unusable('it follows another primary, or its URL names another database');
    return lsn;
  }

  private refuse(query: pg.QueryConfig, reason: Error): void {
    this.refused = query;
    this.lose(reason);
  }

  /** Ends its connections as well: nobody is to wait for an answer that may never come. */
  private lose(reason: Error): void {
    this.mark = NEVER;
    if (isGone(reason)) this.tell('away', reason);
    else {
      this.aloneUntil = performance.now() + ALONE_MILLISECONDS;
      this.tell('unusable', reason);
    }
    const lost = this.pool;
    this.pool = this.connect();
    for (const client of this.asked) client.end().catch(() => undefined);
    lost.end().catch(() => undefined);
  }

  /** Logs each change once. */
  private tell(state: ReplicaState['state'], reason?: Error): void {
    const line = `the replica ${this.name} is ${state}${reason ? `: ${reason.message}` : ''}`;
    const isNews = state !== this.known || (state === 'unusable' && line !== this.told);
    if (isNews && (this.known !== undefined || state !== 'ready')) this.logger.warn(line);
    this.known = state;
    this.told = line;
  }
}

/** Whether it may be well as soon as it is there again. */
function isGone(reason: unknown): boolean {
  if (!(reason instanceof pg.DatabaseError)) return !(reason instanceof Unusable);
  return isSqlstate(reason, PASSING) || isSqlstate(reason, CONNECTION_FAILED);
}
