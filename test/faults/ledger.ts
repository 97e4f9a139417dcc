/** What was sent, what was acknowledged, what has run and what effect it had: written down outside the system. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, until } from '../support/program.js';

interface Run {
  n: number;
  worker: string;
  time: number;
}

/** `doubled` had more than one effect, `ghosts` had one though they were never asked for. */
export interface Balance {
  lost: number[];
  doubled: number[];
  ghosts: number[];
  failed: number;
}

export const EVEN: Balance = { lost: [], doubled: [], ghosts: [], failed: 0 };

export class Ledger {
  readonly file = join(mkdtempSync(join(tmpdir(), 'api-ledger-')), 'runs');
  readonly acknowledged = new Set<number>();
  /** What may have an effect. */
  readonly sent = new Set<number>();
  private last = 0;

  private constructor(private readonly database: TestDatabase) {
    writeFileSync(this.file, '');
  }

  /** In a schema that the system does not know, without keys: what happens twice is there twice. */
  static async open(database: TestDatabase): Promise<Ledger> {
    await database.query('CREATE SCHEMA lab');
    await database.query('CREATE TABLE lab.placed (n int)');
    await database.query('CREATE TABLE lab.effect (n int, at timestamptz DEFAULT clock_timestamp())');
    return new Ledger(database);
  }

  number(): number {
    return ++this.last;
  }

  /** Every begin of a task of the lab. */
  runs(task = 'ledger'): Run[] {
    const lines = readFileSync(this.file, 'utf8').split('\n').slice(0, -1);
    return lines
      .map((line) => line.split(' ') as [string, string, string, string])
      .filter(([name]) => name === task)
      .map(([, n, worker, time]) => ({ n: Number(n), worker, time: Number(time) }));
  }

  /** Waits until all that was acknowledged has had its effect and no task is under way; answers what does not add up. */
  async balance(seconds: number): Promise<Balance> {
    const underWay = `SELECT count(*)::int AS n FROM task WHERE status IN ('queued', 'delayed', 'active')`;
    const isSettled = async () => {
      const [row] = await this.database.query<{ n: number }>(underWay);
      return row!.n === 0 && (await this.imbalance()).lost.length === 0;
    };
    // What has not settled by then is lost, and told as such.
    await until(isSettled, seconds * 1_000).catch(() => undefined);
    return this.imbalance();
  }

  /** Milliseconds from a worker's death to when all that it had begun was done, if it had begun anything. */
  async recovery(worker: string, death: number): Promise<number | undefined> {
    const effects = await this.effects();
    const times = this.runs()
      .filter((run) => run.worker === worker)
      .map(({ n }) => effects.get(n)?.[0] ?? Infinity)
      .filter((time) => time > death);
    return times.length === 0 ? undefined : Math.max(...times) - death;
  }

  /** When the last effect happened. */
  async lastEffect(): Promise<number> {
    return Math.max(...[...(await this.effects()).values()].flat());
  }

  private async imbalance(): Promise<Balance> {
    const effects = await this.effects();
    const [row] = await this.database.query<{ failed: number }>(
      `SELECT count(*)::int AS failed FROM task WHERE name = 'ledger' AND status = 'failed'`,
    );
    return {
      lost: [...this.acknowledged].filter((n) => !effects.has(n)),
      doubled: [...effects].filter(([, times]) => times.length > 1).map(([n]) => n),
      ghosts: [...effects.keys()].filter((n) => !this.sent.has(n)),
      failed: row!.failed,
    };
  }

  /** The times of the effects of each. */
  private async effects(): Promise<Map<number, number[]>> {
    const effects = new Map<number, number[]>();
    const rows = await this.database.query<{ n: number; at: Date }>('SELECT n, at FROM lab.effect ORDER BY at');
    for (const { n, at } of rows) effects.set(n, [...(effects.get(n) ?? []), at.getTime()]);
    return effects;
  }
}
