import pg from 'pg';
import { AppConfig } from '../config/app.config.js';
import { settingsOf } from '../config/settings.js';
import { processIdOf } from './pg-patches.js';

const PATIENCE_MILLISECONDS = 5_000;
const ROUNDS = 10;
const REMEDY = 'connect directly or through a pool in session mode, see docs/scaling.md';

/**
 * What is wrong if the way to PostgreSQL leads through a pooler such as PgBouncer that gives each transaction another
 * connection: prepared statements, LISTEN and advisory locks belong to one. Undefined when nothing is.
 */
export async function problemWithPooler(url: string): Promise<string | undefined> {
  const options = {
    connectionString: url,
    application_name: settingsOf(AppConfig).APP_NAME,
    connectionTimeoutMillis: PATIENCE_MILLISECONDS,
    query_timeout: PATIENCE_MILLISECONDS,
  };
  // A plain client, because session settings would stay in the connections of such a pooler.
  const clients = [new pg.Client(options), new pg.Client(options)] as const;
  for (const client of clients) client.on('error', () => undefined);
  try {
    const [one, other] = clients;
    await one.connect();
    const first = await backendOf(one);
    // A pooler makes up the process ids that it reports.
    if (first === processIdOf(one)) return undefined;
    await other.connect();
    for (let round = 0; round < ROUNDS; round++) {
      // One client asks twice in a row, because a pooler may hand connections out in turn.
      const isShared =
        (await backendOf(other)) === first || (await backendOf(one)) !== first || (await backendOf(one)) !== first;
      if (isShared) return `a pooler in transaction mode is in front of PostgreSQL: ${REMEDY}`;
    }
    return undefined;
  } finally {
    for (const client of clients) client.end().catch(() => undefined);
  }
}

async function backendOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]!.pid;
}
