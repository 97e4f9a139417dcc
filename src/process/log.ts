import type { LoggerService } from '@nestjs/common';
import { destination, type DestinationStream, type Logger, pino } from 'pino';
import { AppConfig } from '../config/app.config.js';
import { settingsOf } from '../config/settings.js';
import { keepAuditTrail } from './audit.js';

const BATCH_CHARACTERS = 16_000;
const BATCH_MILLISECONDS = 100;

// What nobody should ever log. Paths with a wildcard would cost each line twenty times its price.
const SECRETS = [
  'password',
  'new_password',
  'current_password',
  'access_token',
  'refresh_token',
  'authorization',
  'cookie',
];
const PLACES = ['', 'body.', 'headers.', 'req.headers.'];
const paths = PLACES.flatMap((place) => SECRETS.map((secret) => place + secret));

export const LOG_OPTIONS = { redact: { paths, censor: '[redacted]' }, serializers: { err: describe } };

/** The process's one log, audit trail included: a JSON line an event on standard output, written without blocking. */
export function createLog(name: string): Logger {
  const { LOG_LEVEL: level } = settingsOf(AppConfig);
  const log = pino({ name, level, ...LOG_OPTIONS }, new Batches());
  keepAuditTrail(log);
  return log;
}

/**
 * Writes lines to standard output together: 16,000 characters at a time, or what there is after a tenth of a second. The
 * library's own buffer measures all that it holds with each line that comes.
 */
class Batches implements DestinationStream {
  private readonly output = destination({ sync: false });
  private lines = '';
  private timer?: NodeJS.Timeout;

  constructor() {
    process.once('exit', () => {
      this.writeOut();
      this.output.flushSync();
    });
  }

  write(line: string): void {
    this.lines += line;
    if (this.lines.length >= BATCH_CHARACTERS) this.writeOut();
    else this.timer ??= setTimeout(() => this.writeOut(), BATCH_MILLISECONDS).unref();
  }

  private writeOut(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.output.write(this.lines);
    this.lines = '';
  }
}

/** Only what tells where an error comes from: TypeORM's also carry the values of their statement. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return { type: name, message, code, stack, ...(cause !== undefined && { cause: describe(cause) }) };
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
    else this.logger[level]({ context: context.at(-1), stack }, String(message));
  }
}
