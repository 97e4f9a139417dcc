/** Has PostgreSQL tell how it runs what comes over a wire (https://www.postgresql.org/docs/current/auto-explain.html). */
import pg from 'pg';
import { type Api, PREFIX, startApi } from './api.js';
import { send } from './raw.js';
import { listenIn, type Wire } from './statements.js';

// PostgreSQL decides with the sixth run of a prepared statement whether to plan it each time.
export const RUNS = 8;
// Ten rows, one more that tells whether there are more, and what is deleted among them.
export const PAGE = 12;

/** What was read, or done, in one step of a plan. */
export interface Step {
  type: string;
  table?: string;
  /** How many it looked at, over all loops. */
  rows: number;
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  client_min_messages: 'log',
  'auto_explain.log_min_duration': 0,
  'auto_explain.log_analyze': true,
  'auto_explain.log_format': 'json',
};

/** Makes a database explain what its next sessions send. */
export async function explainAll(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const name = client.escapeIdentifier(new URL(databaseUrl).pathname.slice(1));
  // A setting of a library can only be made where the library is.
  await client.query(`LOAD 'auto_explain'`);
  for (const [setting, value] of Object.entries(SETTINGS)) {
    await client.query(`ALTER DATABASE ${name} SET ${setting} = '${value}'`);
  }
  await client.end();
}

/** The plans of what was run since the last call, each as its steps. */
export function plans(wire: Wire): Step[][] {
  return wire
    .notices()
    .filter((notice) => notice.includes('plan:'))
    .map((notice) => stepsOf((JSON.parse(notice.slice(notice.indexOf('{'))) as { Plan: PlanNode }).Plan));
}

function stepsOf(node: PlanNode): Step[] {
  const { 'Node Type': type, 'Relation Name': table, 'Actual Rows': rows, 'Actual Loops': loops } = node;
  const removed = node['Rows Removed by Filter'] ?? 0;
  return [{ type, table, rows: Math.round((rows + removed) * loops) }, ...(node.Plans ?? []).flatMap(stepsOf)];
}

/** An API without a cache, whose reads PostgreSQL explains. */
export class Explained {
  private constructor(
    readonly api: Api,
    readonly wire: Wire,
  ) {}

  static async start(): Promise<Explained> {
    const wire = await listenIn();
    const api = await startApi({ CACHE_ENABLED: 'false' }, async (url) => {
      await explainAll(url);
      return wire.through(url);
    });
    return new Explained(api, wire);
  }

  async stop(): Promise<void> {
    await this.api.stop();
    await this.wire.close();
  }

  /** So many accounts, `user1` and so on, of which every fiftieth is deleted. */
  async fillUsers(count: number): Promise<void> {
    await this.api.database.query(
      `INSERT INTO "user" (name, username, email, hashed_password, is_deleted)
       SELECT 'Name', 'user' || n, 'user' || n || '@example.com', '', n % 50 = 0 FROM generate_series(1, $1::int) n`,
      [count],
    );
    await this.api.database.query('VACUUM ANALYZE "user"');
  }

  async get(path: string): Promise<{ next: string; total_count: number }> {
    const { status, text } = await send(this.api.program.url, { path: PREFIX + path });
    expect(status).toBe(200);
    return JSON.parse(text) as { next: string; total_count: number };
  }

  /** Where a page of a walk by cursor begins. */
  async deep(path: string): Promise<string> {
    let after = '';
    for (let page = 0; page < 20; page++) after = (await this.get(`${path}?items_per_page=100&after=${after}`)).next;
    return after;
  }

  /** A read is made in the order of an index, and no further than to the end of the page, also when it is made often. */
  async expectFrugal(path: string, rows = PAGE): Promise<void> {
    // Where there are many rows, the first page has them counted.
    await this.get(path);
    plans(this.wire);
    for (let run = 0; run < RUNS; run++) await this.get(path);
    const all = plans(this.wire);
    expect(all.length).toBeGreaterThanOrEqual(RUNS);
    for (const steps of all) {
      expect(steps.map(({ type }) => type).filter((type) => /Sort|Seq Scan/.test(type))).toEqual([]);
      expect(Math.max(...steps.map((step) => (step.table === undefined ? 0 : step.rows)))).toBeLessThanOrEqual(rows);
    }
  }

  /** A list has its many rows counted once, and not for each page. */
  async expectCountedOnce(path: string): Promise<void> {
    expect((await this.get(path)).total_count).toBeGreaterThan(9_000);
    this.wire.statements();
    for (let page = 1; page <= RUNS; page++) await this.get(`${path}?page=${page}`);
    expect(this.wire.statements()).toHaveLength(RUNS);
  }
}
