/** Runs a script with the settings of `npm start` and its database: `node scripts/with-database.mjs <script> [...]`. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { loadSettings, startEmbedded, takeLock, useRunning, wantsEmbedded } from './local-settings.mjs';

const WAIT_MILLISECONDS = 30_000;

ensureInstalled();
ensureBuilt();
await loadSettings().catch(({ message }) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
const postgres = wantsEmbedded() ? await database() : undefined;
const child = spawn(process.execPath, process.argv.slice(2), { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
const code = await new Promise((done) => child.once('exit', done));
await postgres?.stop();
process.exit(code ?? 1);

/** The embedded database: the one that `npm start` runs, or one of our own for as long as the script takes. */
async function database() {
  for (let waited = 0; waited < WAIT_MILLISECONDS; waited += 100) {
    if (await takeLock()) return startEmbedded();
    if (useRunning()) return undefined;
    await sleep(100);
  }
  throw new Error('Another process holds .data/lock.sock but its database does not come up.');
}
