import type { DestinationStream } from 'pino';
import type { Sink } from './log-sinks.js';

const BATCH_CHARACTERS = 16_000;
const BATCH_MILLISECONDS = 100;
// No line is longer, whatever it holds.
const LONGEST_LINE = 16_000;
const BEGINNING = 1_000;

/** Lines that were not written: of refused requests beyond a number a second, and those that nobody has read. */
export const leftOut = { refused: 0, unread: 0 };

/** Writes lines together: 16,000 characters at a time, or what there is after a tenth of a second. */
export class Batches implements DestinationStream {
  private lines = '';
  private lost = 0;
  /** How many the first of the lines tells of as lost. */
  private told = 0;
  private timer?: NodeJS.Timeout;

  /** @param tellLost is told of so many lines when there is room for others again */
  constructor(
    private readonly sink: Sink,
    private readonly tellLost: (lines: number) => void,
  ) {
    process.once('exit', () => this.writeOut());
  }

  write(line: string): void {
    this.lines += line.length > LONGEST_LINE ? shortened(line) : line;
    if (this.lines.length >= BATCH_CHARACTERS) this.writeOut();
    else this.writeSoon();
  }

  /** Calls back when everything has been read. */
  flush(done: () => void): void {
    this.writeOut();
    this.sink.flush(done);
  }

  private writeSoon(): void {
    this.timer ??= setTimeout(() => this.writeOut(), BATCH_MILLISECONDS).unref();
  }

  private writeOut(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { lines } = this;
    this.lines = '';
    if (lines === '' || this.sink.write(lines)) this.tell();
    else this.lose(lines.split('\n').length - 1);
  }

  private tell(): void {
    const { lost } = this;
    this.lost = 0;
    if (lost > 0) this.tellLost(lost);
    // Another log may be the one that is told.
    this.told = this.lines === '' ? 0 : lost;
  }

  /** The line that tells of others counts as those. */
  private lose(lines: number): void {
    const count = this.told > 0 ? lines - 1 : lines;
    this.lost += count + this.told;
    this.told = 0;
    leftOut.unread += count;
    this.writeSoon();
  }
}

/** A line of JSON that has the beginning of the line that was too long. */
function shortened(line: string): string {
  const [, level = '50', time = '0'] = /^\{"level":(\d+),"time":(\d+)/.exec(line) ?? [];
  const told = {
    level: Number(level),
    time: Number(time),
    characters: line.length,
    beginning: line.slice(0, BEGINNING),
  };
  return `${JSON.stringify({ ...told, msg: 'a line of the log was too long' })}\n`;
}
