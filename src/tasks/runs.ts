const SECOND = 1_000;

/** What a run is told, and may tell. */
export interface Run {
  /** Aborted when the run is cut short. */
  readonly signal: AbortSignal;
  isOver: boolean;
}

/** Runs that can be cut short. Whoever does not listen to the signal is left behind. */
export class Runs {
  private readonly interrupts = new Set<(reason: Error) => void>();
  private whenOver?: () => void;
  private stopped?: Error;

  /** Throws what `work` throws, an error when it is not done after so many seconds, and the reason of an interruption. */
  async run<T>(seconds: number, work: (run: Run) => Promise<T>): Promise<T> {
    if (this.stopped) throw this.stopped;
    // Made when somebody asks for the signal, which most do not.
    let controller: AbortController | undefined;
    let interrupt!: (reason: Error) => void;
    const interrupted = new Promise<never>((_, fail) => {
      interrupt = (reason) => {
        (controller ??= new AbortController()).abort(reason);
        fail(reason);
      };
    });
    const late = setTimeout(() => interrupt(new Error(`It was not done after ${seconds} s`)), seconds * SECOND);
    const run = {
      isOver: false,
      get signal() {
        return (controller ??= new AbortController()).signal;
      },
    };
    this.interrupts.add(interrupt);
    try {
      return await Promise.race([work(run), interrupted]);
    } finally {
      run.isOver = true;
      clearTimeout(late);
      this.interrupts.delete(interrupt);
      if (this.interrupts.size === 0) this.whenOver?.();
    }
  }

  /** Cuts short what runs, and what would run from now on. */
  stop(reason: Error): void {
    this.stopped = reason;
    for (const interrupt of this.interrupts) interrupt(reason);
  }

  /** Resolves when nothing runs. */
  async over(): Promise<void> {
    if (this.interrupts.size > 0) await new Promise<void>((done) => (this.whenOver = done));
  }
}
