import pg from 'pg';
import tearDown, { sharedPrograms, stopPrograms } from '../support/global-teardown.mjs';

// Half of the suites make 25 where the replica lags much, and none where it is never asked.
const LEAST_SCANS = 10;
const SCANS = `SELECT sum(seq_scan + idx_scan)::int AS scans FROM pg_stat_user_tables WHERE schemaname = 'public'`;

/** Suites pass as well if the replica or a server of the cluster is never asked: then the run fails all the same. */
export default async ({ nonFlagArgs, testNamePattern }) => {
  // A server tells of a connection's last reads when that ends.
  await stopPrograms();
  const scans = await scansOf(globalThis.testServer.replica);
  const usage = globalThis.testCluster.usage();
  await tearDown();
  await globalThis.testCluster.stop();
  const [sets, scripts] = ['set', 'evalsha'].map((command) => usage.map((calls) => calls[command] ?? 0));
  const used = `${scans} scans of tables on the replica, ${sets.join(' + ')} values kept and ${Math.max(...scripts)} scripts run in the cluster`;
  process.stdout.write(`${used}\n`);
  const isNarrowed = nonFlagArgs.length > 0 || testNamePattern;
  if (!isNarrowed && (scans < LEAST_SCANS || sets.includes(0) || Math.max(...scripts) === 0)) {
    throw new Error(`Not all servers were used: ${used}.`);
  }
};

/** Of the database of the API that suites share. */
async function scansOf({ url }) {
  const { databaseUrl } = sharedPrograms()[0];
  const shared = Object.assign(new URL(url), { pathname: new URL(databaseUrl).pathname });
  const client = new pg.Client({ connectionString: shared.href });
  await client.connect();
  const { rows } = await client.query(SCANS);
  await client.end();
  return rows[0].scans;
}
