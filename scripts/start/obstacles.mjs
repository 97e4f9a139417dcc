/** What would stop `npm start` in the end, looked at before minutes of installing and building are spent. */
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { listen } from '../free-port.mjs';
import { isLocked } from '../local-settings.mjs';

/** Throws an error with one line. `.env` is read as Node does: what is wrong with it is told when the program is built. */
export async function refuseObstacles() {
  if (await isLocked()) throw new Error('npm start is already running in this folder.');
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  const settings = { PORT: '8000', ...file, ...process.env };
  for (const variable of ['PORT', 'METRICS_PORT']) {
    const port = Number(settings[variable] || 0);
    if (!(await isTaken(port, settings))) continue;
    throw new Error(`Port ${port} is taken. End what listens there, or set ${variable} to another port.`);
  }
}

async function isTaken(port, settings) {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return false;
  return (await listen(port, settings))?.code === 'EADDRINUSE';
}
