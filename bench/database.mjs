/** A database of the bench's own, filled by SQL. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { parentOf } from './programs.mjs';

export const USERS = 1000;

/** Runs `work` with the URL of a migrated, empty database, and drops it afterwards. */
export async function withDatabase(work) {
  if (!process.env.POSTGRES_URL) throw new Error('Set POSTGRES_URL to a server to measure on, or none of POSTGRES_*');
  const name = `bench_${randomBytes(6).toString('hex')}`;
  const url = new URL(process.env.POSTGRES_URL);
  await query(process.env.POSTGRES_URL, `CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  try {
    execFileSync(process.execPath, ['dist/src/migrate.js'], {
      env: { PATH: process.env.PATH, POSTGRES_URL: url.href },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await query(
      url.href,
      `INSERT INTO "user" (name, username, email, hashed_password)
       SELECT 'User ' || n, 'user' || n, 'user' || n || '@example.com', '' FROM generate_series(1, ${USERS}) n`,
    );
    return await work(url.href);
  } finally {
    await query(process.env.POSTGRES_URL, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

/** The process that all backends and helpers of the server are children of; 0 where the server is another machine's. */
export async function serverOf(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    'SELECT pg_backend_pid() AS pid, inet_server_addr() <> inet_client_addr() AS far',
  );
  const server = rows[0].far === true ? 0 : parentOf(rows[0].pid);
  await client.end();
  return server;
}

export async function query(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
