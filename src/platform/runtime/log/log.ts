import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { AppConfig } from '../../config/app.config.js';
import { settingsOf } from '../../config/settings.js';
import { keepAuditTrail } from './audit.js';
import { Batches } from './batches.js';
import { LogConfig } from './log.config.js';
import { FileSink, StreamSink } from './log-sinks.js';

const LONGEST_MESSAGE = 2_000;
const LONGEST_STACK = 8_000;

// Fields that must never be logged, in whatever object. A wildcard at the beginning of a path would make each line twenty
// times as expensive; these paths cost nothing where they do not occur.
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
  'x-api-key',
  'X-API-Key',
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

/** The process's log: a JSON line an event on standard output. The audit trail is in it unless `AUDIT_LOG` says where. */
export function createLog(name: string): Logger {
  const { LOG_LEVEL: level } = settingsOf(AppConfig);
  const { AUDIT_LOG, auditFile } = settingsOf(LogConfig);
  const tellLost = (lines: number) => log.warn({ lines }, 'log lines were lost because nobody read them');
  const log = pino({ name, level, ...LOG_OPTIONS }, new Batches(new StreamSink(process.stdout), tellLost));
  if (AUDIT_LOG === 'stdout') keepAuditTrail(log);
  else {
    const tellFailed = (error: unknown) => log.error({ err: error }, 'the audit trail cannot be written');
    const sink = auditFile === undefined ? new StreamSink(process.stderr) : new FileSink(auditFile, tellFailed);
    const tellGap = (lines: number) => log.error({ lines }, 'lines of the audit trail were lost');
    keepAuditTrail(pino({ name, ...LOG_OPTIONS }, new Batches(sink, tellGap)));
  }
  return log;
}

function describeError(value: unknown): unknown {
  return value instanceof Error ? describe(value) : value;
}

/** Only what says where an error comes from: TypeORM's errors also carry the values of their statement. */
function describe(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: textOf(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  const hasCause = cause !== undefined && depth < DEEPEST_CAUSE;
  return {
    type: name,
    message: message.slice(0, LONGEST_MESSAGE),
    code,
    stack: stack?.slice(0, LONGEST_STACK),
    ...(hasCause && { cause: describe(cause, depth + 1) }),
  };
}

/** Not every object can be converted to text. */
function textOf(value: unknown): string {
  return Object(value) === value ? Object.prototype.toString.call(value) : String(value);
}

/** Nest's own messages in the same log; those about its start-up are for debugging. */
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
