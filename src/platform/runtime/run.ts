import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { refuseBadSettings } from '../config/settings.js';
import { createLog } from './log/log.js';
import { StartRefused } from './start-refused.js';
import { startTracing, stopTracing } from './tracing/tracing.js';

/** What Node and PostgreSQL tell of a failed start. */
type StartError = NodeJS.ErrnoException & { port?: number; severity?: string };

interface Running {
  /** For what can be closed while parts of it still start: resolves when all of it has. */
  started?: Promise<unknown>;
  close(): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const FLUSH_MILLISECONDS = 1_000;

/**
 * Runs one long-lived process: settings are checked before anything starts, a failed start is one line and exit code 1,
 * SIGINT, SIGTERM and the end of a parent that started it with an IPC channel close it, a second signal ends it at once.
 * @param stopSeconds when a process that does not manage to close is ended
 */
export async function run(
  name: string,
  start: (log: Logger) => Promise<Running>,
  { stopSeconds }: { stopSeconds: () => number },
): Promise<void> {
  refuseBadSettings();
  const log = createLog(name);
  process.on('uncaughtException', (error) => void die(log, error));
  process.on('unhandledRejection', (error) => void die(log, error));
  const undo = endWhenTold();
  try {
    await startTracing(name, log);
    const running = await start(log);
    stopWhenTold(log, running, stopSeconds());
    // Only now: while nobody listens to a signal, Node forgets one that is on its way.
    undo();
    await running.started;
  } catch (error) {
    process.stderr.write(`${name} could not start: ${reasonOf(error)}\n`);
    process.exit(1);
  }
}

/** Runs one command to its end: checked settings first, and a failure that the settings explain is one line. */
export async function runOnce(name: string, command: () => Promise<void>): Promise<void> {
  refuseBadSettings();
  endWhenTold();
  try {
    await command();
  } catch (error) {
    process.stderr.write(`${name} failed: ${reasonOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** The first process of a container is not ended by a signal that it does not listen to. Call what it answers to undo it. */
function endWhenTold(): () => void {
  const end = () => process.exit(1);
  for (const signal of SIGNALS) process.once(signal, end);
  return () => SIGNALS.forEach((signal) => process.off(signal, end));
}

function stopWhenTold(log: Logger, running: Running, stopSeconds: number): void {
  let isStopping = false;
  const stop = async () => {
    // One of a cluster hears of Ctrl-C from the terminal and from the process that started it, which ends it in time.
    if (isStopping && cluster.isWorker) return;
    if (isStopping) process.exit(1);
    isStopping = true;
    setTimeout(() => void die(log, new Error(`not closed within ${stopSeconds} s`)), stopSeconds * 1000);
    try {
      await running.close();
      await stopTracing();
      await flush(log);
      process.exit(0);
    } catch (error) {
      await die(log, error);
    }
  };
  for (const signal of SIGNALS) process.on(signal, () => void stop());
  if (process.connected) process.once('disconnect', () => void (isStopping || stop()));
}

async function die(log: Logger, error: unknown): Promise<never> {
  log.fatal({ err: error }, 'stopped by an unhandled error');
  await flush(log);
  process.exit(1);
}

/** Nobody may read the log. */
async function flush(log: Logger): Promise<void> {
  await Promise.race([new Promise<void>((done) => log.flush(() => done())), sleep(FLUSH_MILLISECONDS)]);
}

function reasonOf(error: unknown): string {
  if (error instanceof StartRefused) return error.message;
  const { code, port, message, severity } = error as StartError;
  if (code === 'EADDRINUSE') return `port ${port} is taken (PORT)`;
  if (severity !== undefined) return `the database says: ${message} (POSTGRES_*)`;
  return (error as Error).stack ?? String(error);
}
