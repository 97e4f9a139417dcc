/** A streaming replica of an embedded PostgreSQL: a copy of its folder that follows what it writes. */
import { execFileSync } from 'node:child_process';
import { chownSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../scripts/embedded-postgres.mjs';

/**
 * Starts a replica of a server that runs.
 * @param primary its URL and the folder that it lives in
 * @param flags more settings, as `name=value`; `max_connections` must be at least that of the primary
 */
export async function startReplica(folder, { url, folder: original }, flags = []) {
  await copy(url, original, folder);
  const { hostname, port, password } = new URL(url);
  const connection = `host=${hostname} port=${port} user=postgres password=${password} application_name=replica`;
  return startPostgres(folder, {
    password,
    flags: [`primary_conninfo=${connection}`, 'wal_retrieve_retry_interval=100ms', ...flags],
  });
}

/** What pg_basebackup does (https://www.postgresql.org/docs/current/continuous-archiving.html), which the package lacks. */
async function copy(url, original, folder) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    write(join(folder, 'backup_label'), await backedUp(client, original, folder));
  } finally {
    await client.end();
  }
  write(join(folder, 'standby.signal'), '');
}

/** Copies the folder while its server runs; what the copy needs to begin from there. */
async function backedUp(client, original, folder) {
  await client.query(`SELECT pg_backup_start('replica', true)`);
  execFileSync('cp', ['-a', original, folder]);
  execFileSync('sh', ['-c', 'rm -rf "$0"/postmaster.pid "$0"/pg_wal/0*', folder]);
  const { rows } = await client.query('SELECT labelfile FROM pg_backup_stop(false)');
  return rows[0].labelfile;
}

/** For the account that PostgreSQL runs as. */
function write(file, text) {
  writeFileSync(file, text);
  const { uid, gid } = statSync(dirname(file));
  chownSync(file, uid, gid);
}
