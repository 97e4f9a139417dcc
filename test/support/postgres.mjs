/** Runs an embedded PostgreSQL in the folder given, for suites that need one of their own to break. */
import { startPostgres } from '../../scripts/embedded-postgres.mjs';

const postgres = await startPostgres(process.argv[2], { password: 'test', flags: ['fsync=off'] });
process.once('SIGTERM', () => void postgres.stop().then(() => process.exit(0)));
process.send({ listening: postgres.url });
