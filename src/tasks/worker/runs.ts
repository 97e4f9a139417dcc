const SECOND = 1_000;
// What ends by the signal gets so long before it is left behind, so that its place is not taken while it goes on.
const GRACE_MILLISECONDS = 2_000;

/** The signals of a run. */
export interface Run {
  /** Aborted when the run is cut short. */
  readonly signal: AbortSignal;
  /** Whether it has ended or is cut short: what it does from now on has no effect. */
  isOver: boolean;
  /** Has the run end with that reason: when it has listened to the signal, or is left behind after so long. */
  cut(reason: Error, milliseconds?: number): void;
}

/** Runs that can be aborted. A run that ignores its signal is abandoned. */
export class Runs {
  private readonly running = new Set<Run>();
  private whenOver?: () => void;
  private stopped?: Error;

  /** Throws what `work` throws, an error when it is not done after so many seconds, and the reason why it is cut short. */
  async run<T>(seconds: number, work: (run: Run) => Promise<T>): Promise<T> {
    if (this.stopped) throw this.stopped;
    const one = new Cuttable();
    const late = setTimeout(() => one.cut(new Error(`It was not finished after ${seconds} s`)), seconds * SECOND);
    this.running.add(one);
    try {
      return await one.raced(work);
    } finally {
      clearTimeout(late);
      this.running.delete(one);
      if (this.running.size === 0) this.whenOver?.();
    }
  }

  /** Cuts short what runs, and what would run from now on, at once. */
  stop(reason: Error): void {
    this.stopped = reason;
    for (const run of this.running) run.cut(reason, 0);
  }

  /** Resolves when nothing runs. */
  async over(): Promise<void> {
    if (this.running.size > 0) await new Promise<void>((done) => (this.whenOver = done));
  }
}

class Cuttable implements Run {
  isOver = false;
  private reason?: Error;
  // Created only when a task uses the signal, which most do not.
  private controller?: AbortController;
  private leave?: (reason: Error) => void;
  private timer?: NodeJS.Timeout;

  get signal(): AbortSignal {
    return (this.controller ??= new AbortController()).signal;
  }

  cut(reason: Error, milliseconds = GRACE_MILLISECONDS): void {
    this.isOver = true;
    const why = (this.reason ??= reason);
    (this.controller ??= new AbortController()).abort(why);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.leave?.(why), milliseconds);
  }

  async raced<T>(work: (run: Run) => Promise<T>): Promise<T> {
    const left = new Promise<never>((_, fail) => (this.leave = fail));
    try {
      const result = await Promise.race([work(this), left]);
      if (this.reason) throw this.reason;
      return result;
    } catch (error) {
      throw this.reason ?? error;
    } finally {
      this.isOver = true;
      clearTimeout(this.timer);
    }
  }
}
