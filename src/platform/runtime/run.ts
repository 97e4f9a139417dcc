import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { refuseBadSettings } from '../config/settings.js';
import { createLog } from './log/log.js';
import { StartRefused } from './start-refused.js';
import { startTracing, stopTracing } from './tracing/tracing.js';

/** The fields by which Node and PostgreSQL explain a failed start. */
type StartError = NodeJS.ErrnoException & { port?: number; severity?: string };

interface Running {
  /** Resolves when everything has started, for a program that can be closed while parts of it still start. */
  started?: Promise<unknown>;
  close(): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const FLUSH_MILLISECONDS = 1_000;

/**
 * Runs one long-lived process: settings are checked before anything starts, a failed start is one line and exit code 1,
 * SIGINT, SIGTERM and the end of a parent that started it with an IPC channel close it, a second signal ends it at once.
 * @param stopSeconds after how many seconds a process that cannot close is ended
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
    // Only now: while no listener is registered, Node would lose a signal.
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

/** Without a listener, a signal does not end the first process of a container. Call the returned function to undo it. */
function endWhenTold(): () => void {
  const end = () => process.exit(1);
  for (const signal of SIGNALS) process.once(signal, end);
  return () => SIGNALS.forEach((signal) => process.off(signal, end));
}

function stopWhenTold(log: Logger, running: Running, stopSeconds: number): void {
  let isStopping = false;
  const stop = async () => {
    // A process of a cluster gets Ctrl-C twice: from the terminal, and from its parent, which ends it in time.
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

/** Maybe nobody reads the log. */
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
