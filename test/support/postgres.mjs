/** Runs an embedded PostgreSQL in the folder given, on the port if one is given, with further settings, for suites that need one to break. */
import { startPostgres } from '../../scripts/embedded-postgres.mjs';

const [folder, port, ...more] = process.argv.slice(2);
const flags = ['fsync=off', ...(port ? [`port=${port}`] : []), ...more];
const postgres = await startPostgres(folder, { password: 'test', flags });
process.once('SIGTERM', () => void postgres.stop().then(() => process.exit(0)));
process.send({ listening: postgres.url });
