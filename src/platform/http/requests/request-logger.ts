import type { Bindings, ChildLoggerOptions, Logger } from 'pino';

type Line = [facts: object, message?: string];

/**
 * Logs for one request, with its id in each line. The logger behind it is made with the first line: most requests have
 * only the one that ends them, which names the id itself.
 */
export class RequestLogger {
  private made?: Logger;

  constructor(
    private readonly parent: Logger,
    private readonly bindings: Bindings,
  ) {}

  get level(): string {
    return this.own.level;
  }

  child(bindings: Bindings, options?: ChildLoggerOptions): Logger {
    return this.own.child(bindings, options);
  }

  fatal(...line: Line): void {
    this.own.fatal(...line);
  }

  error(...line: Line): void {
    this.own.error(...line);
  }

  warn(...line: Line): void {
    this.own.warn(...line);
  }

  info(...line: Line): void {
    this.own.info(...line);
  }

  debug(...line: Line): void {
    this.own.debug(...line);
  }

  trace(...line: Line): void {
    this.own.trace(...line);
  }

  silent(): void {}

  private get own(): Logger {
    return (this.made ??= this.parent.child(this.bindings));
  }
}
