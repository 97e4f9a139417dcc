import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MOST_MILLISECONDS = 10_000;

export default async function tearDown() {
  const { postgres, replica, folder } = globalThis.testServer;
  await stopPrograms();
  await replica?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Those that suites have shared: see test/support/shared-api.ts. They also end with the worker that has started them. */
export async function stopPrograms() {
  const pids = sharedPrograms().map(({ pid }) => pid);
  for (const pid of pids) isThere(pid, 'SIGTERM');
  for (let waited = 0; pids.some((pid) => isThere(pid)) && waited < MOST_MILLISECONDS; waited += 20) await sleep(20);
}

export function sharedPrograms() {
  const folder = process.env.TEST_PROGRAMS;
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

function isThere(pid, signal = 0) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
