/** Where lines of a log go to, many at a time. */
import { appendFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const KEPT_CHARACTERS = 16_000_000;
const FILE_BYTES = 50_000_000;
const FILES = 10;

export interface Sink {
  /** False when these lines are lost. */
  write(lines: string): boolean;
  /** Calls back when everything has been taken. */
  flush(done: () => void): void;
}

/** Never waits for the reader: 16 MB of unread lines are kept, and further lines are lost. */
export class StreamSink implements Sink {
  constructor(private readonly stream: NodeJS.WriteStream) {
    // The reader has gone.
    stream.on('error', () => undefined);
  }

  write(lines: string): boolean {
    if (this.stream.writableLength > KEPT_CHARACTERS) return false;
    this.stream.write(lines);
    return true;
  }

  flush(done: () => void): void {
    this.stream.write('', () => done());
  }
}

/**
 * Appends to a file, which is opened anew each time: it may be moved away, or deleted, at any moment. When it has 50 MB
 * it is, to its name with the time; of those ten are kept.
 */
export class FileSink implements Sink {
  private isFailing = false;

  /** @param tell is told when it begins to fail */
  constructor(
    private readonly path: string,
    private readonly tell: (error: unknown) => void,
  ) {}

  write(lines: string): boolean {
    try {
      appendFileSync(this.path, lines, { mode: 0o600 });
      this.isFailing = false;
      if (statSync(this.path).size > FILE_BYTES) this.rotate();
      return true;
    } catch (error) {
      if (!this.isFailing) this.tell(error);
      this.isFailing = true;
      return false;
    }
  }

  flush(done: () => void): void {
    done();
  }

  /** Another process may do it at the same moment, so each has names of its own. */
  private rotate(): void {
    renameSync(this.path, `${this.path}.${new Date().toISOString().replaceAll(':', '')}-${process.pid}`);
    const [folder, name] = [dirname(this.path), `${basename(this.path)}.`];
    const old = readdirSync(folder).filter((file) => file.startsWith(name));
    for (const file of old.toSorted().slice(0, -FILES)) rmSync(join(folder, file), { force: true });
  }
}
