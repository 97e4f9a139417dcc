/** Holds what other processes want, so that they meet there. */
import pg from 'pg';
import { databaseAt, replicaOf, type TestDatabase, until } from './program.js';
import { statusOfMe } from './sessions.js';

/** Runs a statement in a transaction that keeps its locks until what is given back is called, on a replica too. */
export async function holdLocks(database: TestDatabase, sql: string): Promise<() => Promise<void>> {
  const { url } = database;
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  await client.query(sql);
  if (sql.includes('ACCESS EXCLUSIVE')) await onReplica(database, (replica) => untilLocked(database, replica));
  return () => client.end();
}

/** A replica hears of a lock with the next commit. */
function untilLocked(database: TestDatabase, replica: TestDatabase): Promise<void> {
  return until(async () => {
    await database.query('SELECT pg_current_xact_id()');
    return (await replica.query(`SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock'`)).length > 0;
  });
}

/** How many statements wait for a lock. */
export async function waitingForLocks(database: TestDatabase): Promise<number> {
  return (await waiting(database)) + ((await onReplica(database, waiting)) ?? 0);
}

async function waiting(database: TestDatabase): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return row!.count;
}

async function onReplica<T>({ url }: TestDatabase, act: (replica: TestDatabase) => Promise<T>): Promise<T | undefined> {
  const replica = replicaOf(url);
  if (replica === undefined) return undefined;
  const database = databaseAt(replica);
  try {
    return await act(database);
  } finally {
    await database.drop();
  }
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
