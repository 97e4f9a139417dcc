/** Has PostgreSQL tell how it runs what comes over a wire (https://www.postgresql.org/docs/current/auto-explain.html). */
import pg from 'pg';
import type { Wire } from './statements.js';

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
