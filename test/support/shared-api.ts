/**
 * Programs that the suites of one of Jest's workers use one after another, each on a database as empty as migrations leave
 * it. Who needs one first starts it; it ends with the worker.
 */
import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createDatabase,
  databaseAt,
  emptySharedRedis,
  environment,
  scriptOf,
  type Program,
  SHARED_SETTINGS,
  tellOfFailures,
  type TestDatabase,
  until,
} from './program.js';

const LISTENING = `FROM pg_stat_activity
  WHERE datname = current_database() AND application_name LIKE '%(notifications)'`;

// What migrations have written comes back after every suite.
const KEEP = `DO $$
  DECLARE one text; has_rows bool;
  BEGIN
    CREATE SCHEMA kept;
    CREATE SCHEMA counted;
    CREATE TABLE counted.sequence AS SELECT sequencename AS name, last_value AS last FROM pg_sequences WHERE schemaname = 'public';
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' LOOP
      EXECUTE format('SELECT EXISTS (SELECT FROM %I)', one) INTO has_rows;
      IF has_rows THEN EXECUTE format('CREATE TABLE kept.%I AS TABLE %1$I', one); END IF;
    END LOOP;
  END
$$`;

// TRUNCATE takes twenty times as long, as it makes new files of tables and indexes. Without triggers, their order is no matter.
const EMPTY = `DO $$
  DECLARE one record;
  BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT schemaname, tablename FROM pg_tables
      WHERE schemaname = 'public' AND tablename <> 'migration' OR schemaname = 'bullmq' AND tablename LIKE 'job%'
      LOOP EXECUTE format('DELETE FROM %I.%I', one.schemaname, one.tablename); END LOOP;
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept'
      LOOP EXECUTE format('INSERT INTO %I OVERRIDING SYSTEM VALUE TABLE kept.%1$I', one.tablename); END LOOP;
    PERFORM setval(quote_ident(name)::regclass, coalesce(last, 1), last IS NOT NULL) FROM counted.sequence;
  END
$$`;

/** What is shared: an entry point, or a script by its full path, on a clone of a template. */
export interface Shared {
  entry: string;
  template?: string;
}

interface Running {
  url: string;
  databaseUrl: string;
  log: string;
  pid: number;
}

export async function borrowApi({ entry, template }: Shared): Promise<{ program: Program; database: TestDatabase }> {
  const name = `${template ?? entry}_${process.env.JEST_WORKER_ID}`;
  const file = join(process.env.TEST_PROGRAMS!, `${name}.json`);
  const isFirst = !existsSync(file);
  if (isFirst) writeFileSync(file, JSON.stringify(await start(name, entry, template)));
  const { url, databaseUrl, log } = JSON.parse(readFileSync(file, 'utf8')) as Running;
  const database = databaseAt(databaseUrl);
  if (isFirst) await database.query(KEEP);
  await empty(database);
  await emptySharedRedis();
  const begin = statSync(log).size;
  const output = () => readFileSync(log).subarray(begin).toString();
  tellOfFailures(output);
  const ended = new Promise<void>(() => undefined);
  return { program: { url, output, ended, stop: () => Promise.resolve(0) }, database };
}

async function start(name: string, entry: string, template?: string): Promise<Running> {
  const { url: databaseUrl } = await createDatabase(template);
  const cwd = process.env.TEST_PROGRAMS!;
  const log = join(cwd, `${name}.log`);
  const output = openSync(log, 'w');
  const child = spawn(process.execPath, [scriptOf(entry)], {
    env: environment(databaseUrl, SHARED_SETTINGS),
    cwd,
    stdio: ['ignore', output, output, 'ipc'],
  });
  const url = await new Promise<string>((done, fail) => {
    child.once('message', ({ listening }: { listening: string }) => done(listening));
    child.once('exit', (code) => fail(new Error(`${entry} ended with ${code}: ${readFileSync(log, 'utf8')}`)));
  });
  // No reason for the worker to stay, and not to end with the suite.
  Object.assign(child, { isShared: true });
  child.unref();
  child.channel!.unref();
  return { url, databaseUrl, log, pid: child.pid! };
}

/** Also what the API has in memory: it forgets that when its connection for notifications breaks. */
async function empty(database: TestDatabase): Promise<void> {
  await database.query(EMPTY);
  const ended = await database.query<{ pid: number }>(`SELECT pid, pg_terminate_backend(pid) ${LISTENING}`);
  if (ended.length > 0)
    await until(async () => isAnother(await database.query<{ pid: number }>(`SELECT pid ${LISTENING}`), ended));
}

function isAnother(found: { pid: number }[], ended: { pid: number }[]): boolean {
  return found.some(({ pid }) => ended.every((one) => one.pid !== pid));
}
