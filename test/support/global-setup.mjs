/** One throw-away PostgreSQL for the whole run, with a migrated template that every suite clones. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../scripts/embedded-postgres.mjs';

const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

export default async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'fast-nestjs-test-'));
  chmodSync(folder, 0o755);
  const postgres = await startPostgres(join(folder, 'postgres'), { password: 'test', flags: FAST });
  endWithUs(postgres.pid);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('CREATE DATABASE template_test');
  await client.end();
  const url = new URL(postgres.url);
  url.pathname = '/template_test';
  const env = { ...process.env, ENVIRONMENT: 'local', SECRET_KEY: 'x'.repeat(32), POSTGRES_URL: url.href };
  execFileSync(process.execPath, [join(import.meta.dirname, '../../dist/src/migrate.js')], { env, cwd: folder });
  process.env.TEST_SERVER_URL = postgres.url;
  globalThis.testServer = { postgres, folder };
}

/** A run that is broken off never gets to its teardown. */
function endWithUs(pid) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      process.kill(pid, 'SIGQUIT');
      process.exit(1);
    });
  }
}
