/** The connections on which instances hear of what others change. */
import { type TestDatabase, until } from './program.js';

const LISTENERS = `FROM pg_stat_activity
  WHERE datname = current_database() AND application_name LIKE '%(notifications)'`;

/** The PostgreSQL processes that pass notifications on. */
export async function listeners(database: TestDatabase): Promise<number[]> {
  return (await database.query<{ pid: number }>(`SELECT pid ${LISTENERS}`)).map(({ pid }) => pid);
}

/** Cuts the connections, and waits until so many instances listen again: they have then forgotten all that they knew. */
export async function cutListeners(database: TestDatabase, instances: number): Promise<void> {
  await database.query(`SELECT pg_terminate_backend(pid, 5000) ${LISTENERS}`);
  await until(
    async () => (await database.query(`SELECT 1 ${LISTENERS} AND query LIKE 'LISTEN%'`)).length === instances,
  );
}
