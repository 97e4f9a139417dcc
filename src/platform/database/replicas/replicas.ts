import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { DatabaseConfig } from '../database.config.js';
import { Primary } from './positions.js';
import { Replica, type ReplicaState } from './replica.js';

const LOOK_MILLISECONDS = 500;

/** How old the answers to reads may be. */
export interface ReadScope {
  /** All that was committed by then has to be in them (`performance.now()`); undefined for the latest. */
  asOf?: number;
}

/**
 * The read replicas of `POSTGRES_REPLICA_URLS`. Twice a second the primary is asked how far it has written, and each
 * replica how far it has followed: so it is known up to which moment a replica has all that was committed.
 */
@Injectable()
export class Replicas implements OnModuleDestroy {
  private readonly primary: Primary;
  private readonly replicas: Replica[];
  /** How many reads of rows each server has answered so far. */
  readonly reads = { primary: 0, replica: 0 };
  private readonly scope = new AsyncLocalStorage<ReadScope>();
  private turn = 0;
  private areWatched = false;

  constructor(config: DatabaseConfig) {
    this.primary = new Primary(config.url);
    this.replicas = config.replicaUrls.map((url) => new Replica(url, this.primary));
  }

  get areThere(): boolean {
    return this.replicas.length > 0;
  }

  /**
   * Lets replicas answer what `work` reads, for as long as the scope has an instant. The primary answers anything else, and
   * what no replica has.
   */
  readIn<T>(scope: ReadScope, work: () => T): T {
    return this.areThere ? this.scope.run(scope, work) : work();
  }

  /** How old the answer to a read may be that is made here; see `ReadScope`. */
  get asOf(): number | undefined {
    return this.areThere ? this.scope.getStore()?.asOf : undefined;
  }

  /**
   * What a replica answers that has all that was committed at `asOf` (`performance.now()`); undefined when none has, or
   * none answers: then it is for the primary.
   */
  async query(query: pg.QueryConfig, asOf: number): Promise<pg.QueryResult | undefined> {
    const first = this.turn++;
    for (let index = 0; index < this.replicas.length; index++) {
      const replica = this.replicas[(first + index) % this.replicas.length]!;
      const found = replica.has(asOf) && (await replica.query(query, asOf));
      if (found) return found;
    }
    return undefined;
  }

  /** Begins to look at them, for a process that reads there. */
  watch(): void {
    if (this.areWatched || !this.areThere) return;
    this.areWatched = true;
    for (const server of [this.primary, ...this.replicas]) void this.repeat(() => server.look());
  }

  /** Of each replica, in the order of their URLs; of none while nobody looks at them. */
  states(): ReplicaState[] {
    return !this.areWatched ? [] : this.replicas.map((replica) => replica.state());
  }

  async onModuleDestroy(): Promise<void> {
    this.areWatched = false;
    await Promise.all([this.primary, ...this.replicas].map((server) => server.close()));
  }

  private async repeat(look: () => Promise<void>): Promise<void> {
    while (this.areWatched) {
      await look();
      await sleep(LOOK_MILLISECONDS, undefined, { ref: false });
    }
  }
}
