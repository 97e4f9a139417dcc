/** The API that the suites of one of Jest's workers use one after another, each on an emptied database. */
import { readFileSync, statSync } from 'node:fs';
import { databaseAt, emptySharedRedis, type Program, tellOfFailures, type TestDatabase, until } from './program.js';

const LISTENING = `FROM pg_stat_activity
  WHERE datname = current_database() AND application_name LIKE '%(notifications)'`;

interface SharedApi {
  url: string;
  databaseUrl: string;
  log: string;
}

export async function borrowApi(): Promise<{ program: Program; database: TestDatabase }> {
  const apis = JSON.parse(process.env.TEST_APIS!) as SharedApi[];
  const { url, databaseUrl, log } = apis[Number(process.env.JEST_WORKER_ID) - 1]!;
  const database = databaseAt(databaseUrl);
  await empty(database);
  await emptySharedRedis();
  const begin = statSync(log).size;
  const output = () => readFileSync(log).subarray(begin).toString();
  tellOfFailures(output);
  const ended = new Promise<void>(() => undefined);
  return { program: { url, output, ended, stop: () => Promise.resolve(0) }, database };
}

/** Also what the API has in memory: it forgets that when its connection for notifications breaks. */
async function empty(database: TestDatabase): Promise<void> {
  const [{ tables }] = (await database.query<{ tables: string }>(
    `SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') AS tables FROM pg_tables
     WHERE schemaname = 'public' AND tablename <> 'migration' OR schemaname = 'bullmq' AND tablename LIKE 'job%'`,
  )) as [{ tables: string }];
  await database.query(`TRUNCATE ${tables} RESTART IDENTITY`);
  const ended = await database.query<{ pid: number }>(`SELECT pid, pg_terminate_backend(pid) ${LISTENING}`);
  if (ended.length > 0)
    await until(async () => isAnother(await database.query<{ pid: number }>(`SELECT pid ${LISTENING}`), ended));
}

function isAnother(found: { pid: number }[], ended: { pid: number }[]): boolean {
  return found.some(({ pid }) => ended.every((one) => one.pid !== pid));
}
