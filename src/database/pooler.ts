import pg from 'pg';
import { StartRefused } from '../process/start-refused.js';
import { poolOptions } from './data-source.js';

const CONNECT_MILLISECONDS = 5_000;
const ROUNDS = 10;
const REMEDY = 'connect directly or through a pool in session mode, see docs/scaling.md (POSTGRES_*)';

/**
 * Throws `StartRefused` when the way to PostgreSQL leads through a pooler such as PgBouncer that gives each transaction
 * another connection: prepared statements, LISTEN and advisory locks belong to one.
 */
export async function refuseTransactionPooling(url: string): Promise<void> {
  const options = { ...poolOptions(url), connectionTimeoutMillis: CONNECT_MILLISECONDS };
  const clients = [new pg.Client(options), new pg.Client(options)] as const;
  try {
    const [one, other] = clients;
    await connect(one);
    const first = await backendOf(one);
    // What a pooler tells of its connections is of its own making.
    if (first === (one as unknown as { processID: number }).processID) return;
    await connect(other);
    for (let round = 0; round < ROUNDS; round++) {
      const isShared = (await backendOf(other)) === first || (await backendOf(one)) !== first;
      if (isShared) throw new StartRefused(`a pooler in transaction mode stands before PostgreSQL: ${REMEDY}`);
    }
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

async function connect(client: pg.Client): Promise<void> {
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const { message } = error as Error;
    if (!message.startsWith('unsupported startup parameter')) throw error;
    throw new StartRefused(`a pooler stands before PostgreSQL and says: ${message}; ${REMEDY}`, { cause: error });
  }
}

async function backendOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]!.pid;
}
