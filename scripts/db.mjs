/**
 * `npm run db` opens psql on the database of the settings, and hands its arguments on. With `-- --url`, or where there is
 * no psql, it prints the URL.
 */
import { spawnSync } from 'node:child_process';
import { settingsOf } from '../dist/src/platform/config/settings.js';
import { DatabaseConfig } from '../dist/src/platform/database/database.config.js';

const { url } = settingsOf(DatabaseConfig);
const args = process.argv.slice(2);
if (args.includes('--url')) print();
else process.exitCode = open();

/** The password stays out of the list of processes. */
function open() {
  const { hostname, port, username, password, pathname } = new URL(url);
  const parts = { HOST: hostname.replace(/^\[|\]$/g, ''), PORT: port, USER: username, PASSWORD: password };
  parts.DATABASE = pathname.slice(1);
  const own = Object.entries(parts).map(([name, value]) => [`PG${name}`, decodeURIComponent(value)]);
  // A Ctrl-C is for psql, which takes the statement back.
  process.on('SIGINT', () => {});
  const env = { ...process.env, ...Object.fromEntries(own) };
  const { error, status } = spawnSync('psql', args, { stdio: 'inherit', env });
  if (error?.code !== 'ENOENT') return status ?? 1;
  process.stderr.write(
    'psql is not installed: open this URL with another client. The embedded database listens while npm start runs.\n',
  );
  print();
  return 0;
}

function print() {
  process.stdout.write(`${url}\n`);
}
