import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { AppConfig } from '../config/app.config.js';
import { settingsOf } from '../config/settings.js';
import { keepAuditTrail } from './audit.js';

const BATCH_CHARACTERS = 16_000;
const BATCH_MILLISECONDS = 100;
const KEPT_CHARACTERS = 16_000_000;

// What nobody should ever log, whatever holds it. At the beginning of a path a wildcard would cost each line twenty times
// its price; these cost nothing where there is no such place.
const SECRETS = [
  'password',
  'new_password',
  'current_password',
  'hashed_password',
  'token',
  'access_token',
  'refresh_token',
  'authorization',
  'Authorization',
  'cookie',
  'Cookie',
  'set-cookie',
];
const PLACES = ['', ...['body', 'headers', 'payload', 'req', 'res', 'user'].flatMap((place) => [place, `${place}.*`])];
const paths = PLACES.flatMap((place) => SECRETS.map((secret) => `${place}["${secret}"]`));

// Where errors are usually logged.
const ERRORS = ['error', 'e', 'cause', 'reason', 'context', 'stack'];
const DEEPEST_CAUSE = 5;

export const LOG_OPTIONS = {
  redact: { paths, censor: '[redacted]' },
  serializers: { err: describe, ...Object.fromEntries(ERRORS.map((name) => [name, describeError])) },
};

/** The process's one log, audit trail included: a JSON line an event on standard output. */
export function createLog(name: string): Logger {
  const { LOG_LEVEL: level } = settingsOf(AppConfig);
  const batches = new Batches((lines) => log.warn({ lines }, 'lines of the log are lost, as nobody read them'));
  const log = pino({ name, level, ...LOG_OPTIONS }, batches);
  keepAuditTrail(log);
  return log;
}

/**
 * Writes lines to standard output together: 16,000 characters at a time, or what there is after a tenth of a second. It
 * waits for nobody: where they are not read, 16 MB are kept, and more is lost.
 */
class Batches implements DestinationStream {
  private lines = '';
  private lost = 0;
  private timer?: NodeJS.Timeout;

  /** @param tellLost is told of so many lines when there is room for others again */
  constructor(private readonly tellLost: (lines: number) => void) {
    // Whoever read them has gone.
    process.stdout.on('error', () => undefined);
    process.once('exit', () => this.writeOut());
  }

  write(line: string): void {
    this.lines += line;
    if (this.lines.length >= BATCH_CHARACTERS) this.writeOut();
    else this.writeSoon();
  }

  /** Calls back when everything has been read. */
  flush(done: () => void): void {
    this.writeOut();
    process.stdout.write('', () => done());
  }

  private writeSoon(): void {
    this.timer ??= setTimeout(() => this.writeOut(), BATCH_MILLISECONDS).unref();
  }

  private writeOut(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { lines, lost } = this;
    this.lines = '';
    if (process.stdout.writableLength > KEPT_CHARACTERS) {
      this.lost += lines.split('\n').length - 1;
      this.writeSoon();
      return;
    }
    process.stdout.write(lines);
    this.lost = 0;
    if (lost > 0) this.tellLost(lost);
  }
}

function describeError(value: unknown): unknown {
  return value instanceof Error ? describe(value) : value;
}

/** Only what tells where an error comes from: TypeORM's also carry the values of their statement. */
function describe(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: textOf(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  const hasCause = cause !== undefined && depth < DEEPEST_CAUSE;
  return { type: name, message, code, stack, ...(hasCause && { cause: describe(cause, depth + 1) }) };
}

/** Not every object has a text. */
function textOf(value: unknown): string {
  return Object(value) === value ? Object.prototype.toString.call(value) : String(value);
}

/** Nest's own messages in the same log; what it tells of its start-up is for debugging. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    this.write('debug', message, context);
  }

  error(message: unknown, ...context: unknown[]): void {
    // A failed start, which the process itself reports.
    if (context.at(-1) === 'ExceptionHandler' || context.at(-1) === 'NestApplication') return;
    this.write('error', message, context);
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.write('warn', message, context);
  }

  private write(level: 'debug' | 'error' | 'warn', message: unknown, context: unknown[]): void {
    // Nest hands over a stack, if there is one, before the context.
    const stack = context.length > 1 ? context[0] : undefined;
    if (message instanceof Error) this.logger[level]({ err: message, context: context.at(-1) });
    else this.logger[level]({ context: context.at(-1), stack }, textOf(message));
  }
}
