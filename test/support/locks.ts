/** Holds what other processes want, so that they meet there. */
import pg from 'pg';
import { type TestDatabase, until } from './program.js';
import { statusOfMe } from './sessions.js';

/** Runs a statement in a transaction that keeps its locks until what is given back is called. */
export async function holdLocks({ url }: TestDatabase, sql: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  await client.query(sql);
  return () => client.end();
}

/** How many statements wait for a lock. */
export async function waitingForLocks(database: TestDatabase): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return row!.count;
}

/** Whether an API has to read the tables of sessions and users to know who holds a good token. */
export async function asksDatabase(database: TestDatabase, url: string, token: string): Promise<boolean> {
  const release = await holdLocks(database, 'LOCK TABLE auth_session, "user" IN ACCESS EXCLUSIVE MODE');
  let isAnswered = false;
  const answer = statusOfMe(url, token).finally(() => (isAnswered = true));
  await until(async () => isAnswered || (await waitingForLocks(database)) > 0);
  const hasAsked = !isAnswered;
  await release();
  expect(await answer).toBe(200);
  return hasAsked;
}
