import { Injectable, Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { poolOf } from '../database/data-source.js';
import { Outage } from '../process/outage.js';
import { untraced } from '../process/tracing.js';
import { jobIdOf, type TaskJob } from '../queue/queue.js';

const RETRY_MILLISECONDS = 500;
const MAX_KNOWN = 1_000;

const LOOK = `
  SELECT id AS task_id, round, extract(epoch FROM relayed_at)::text AS relayed_at
  FROM task WHERE id = ANY($1::bigint[]) AND status IN ('queued', 'delayed', 'active')`;

// Waits for a relay that has them under way.
const MARK = 'UPDATE task SET relayed_at = now() WHERE id = ANY($1::bigint[]) AND relayed_at IS NULL';

type Claim = Pick<TaskJob, 'task_id' | 'round' | 'relayed_at'>;

/**
 * Tells whether what the queue hands out is still to be run. It may have got a task after the relay had given up on it, or
 * from a relay that died, and then whoever cancelled the task has not found it in the queue. So the rows of tasks are
 * asked: for one of those that a relay has passed on together, as it writes down that it has for all or for none.
 */
@Injectable()
export class Claims {
  private readonly pool: Pool;
  private readonly waiting: { claim: Claim; done: (isWanted: boolean) => void }[] = [];
  private isAsking = false;
  /** The last times at which a relay has passed tasks on, and written that down. */
  private readonly known = new Set<string>();
  private readonly outage = new Outage(new Logger(Claims.name), {
    begins: 'tasks do not begin, as the database does not say whether they are still to be run',
    ends: 'tasks begin again',
  });

  constructor(dataSource: DataSource) {
    this.pool = poolOf(dataSource);
  }

  /** A task that was claimed is not cancelled any more. Those that come at the same time are asked for together. */
  claim(claim: Claim): boolean | Promise<boolean> {
    if (claim.relayed_at && this.known.has(claim.relayed_at)) return true;
    return new Promise((done) => {
      this.waiting.push({ claim, done });
      if (this.isAsking) return;
      this.isAsking = true;
      setImmediate(() => void untraced(() => this.askAll()));
    });
  }

  private async askAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const some = this.waiting.splice(0);
      try {
        const wanted = await this.ask(some.map(({ claim }) => claim));
        for (const { claim, done } of some) done(wanted.has(jobIdOf(claim)));
        this.outage.end();
      } catch (error) {
        this.outage.begin((error as Error).message);
        this.waiting.unshift(...some);
        await new Promise((done) => setTimeout(done, RETRY_MILLISECONDS));
      }
    }
    this.isAsking = false;
  }

  /** Gives the names of the jobs that are to be run. */
  private async ask(claims: Claim[]): Promise<Set<string>> {
    const given = new Map(claims.map((claim) => [jobIdOf(claim), claim]));
    const ids = claims.map(({ task_id }) => task_id);
    let rows = await this.look(ids);
    const unmarked = rows.filter((row) => row.relayed_at === null && given.has(jobIdOf(row)));
    if (unmarked.length > 0) {
      await this.pool.query({ name: 'claims_mark', text: MARK, values: [unmarked.map(({ task_id }) => task_id)] });
      rows = await this.look(ids);
    }
    for (const row of rows) {
      const isAsPassedOn = row.relayed_at === given.get(jobIdOf(row))?.relayed_at;
      if (row.relayed_at && isAsPassedOn) this.keep(row.relayed_at);
    }
    return new Set(rows.map(jobIdOf));
  }

  private async look(ids: number[]): Promise<Claim[]> {
    return (await this.pool.query<Claim>({ name: 'claims_look', text: LOOK, values: [ids] })).rows;
  }

  private keep(relayed_at: string): void {
    this.known.add(relayed_at);
    if (this.known.size > MAX_KNOWN) this.known.delete(this.known.values().next().value!);
  }
}
