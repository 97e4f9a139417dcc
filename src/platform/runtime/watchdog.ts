import inspector from 'node:inspector';
import { Worker } from 'node:worker_threads';

const BEAT_MILLISECONDS = 1_000;

// Runs in a thread of its own, and counts by its own clock: a machine that was asleep has missed nothing.
const WATCH = `
const { workerData: { beats, silence, name } } = require('node:worker_threads');
const { writeSync } = require('node:fs');
let heard = -1;
let silent = 0;
setInterval(() => {
  const now = Atomics.load(beats, 0);
  silent = now === heard ? silent + 1 : 0;
  heard = now;
  if (silent < silence) return;
  writeSync(2, name + ' blocked its event loop for ' + silence + ' s and was ended\\n');
  process.kill(process.pid, 'SIGKILL');
}, ${BEAT_MILLISECONDS});
`;

/**
 * Ends this process when its event loop has been blocked for so many seconds: it can neither renew its locks nor be told
 * to stop, and whoever supervises it starts another one. One that is started with `--inspect` may stand still.
 */
export function watchEventLoop(name: string, silence: number): void {
  if (inspector.url() !== undefined) return;
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  setInterval(() => Atomics.add(beats, 0, 1), BEAT_MILLISECONDS / 2).unref();
  new Worker(WATCH, { eval: true, workerData: { beats, silence, name }, execArgv: [] }).unref();
}
