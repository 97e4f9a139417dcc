import { availableParallelism } from 'node:os';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { UnrecoverableError } from 'bullmq';
import type { Piscina } from 'piscina';
import { WorkerConfig } from './queue.config.js';

const IDLE_MILLISECONDS = 10_000;
const YOUNG_MEGABYTES = 16;
// Where processors are short, event loops and databases come first; only Linux has it for a thread.
const NICE = 10;

/** The task fails for good, because another attempt would need as much memory. */
export class OutOfMemory extends UnrecoverableError {
  constructor(megabytes: number) {
    super(`It needs more memory than the ${megabytes} MB that a thread may use`);
  }
}

/** Threads for work that would block the event loop. One core stays free for the loop. */
@Injectable()
export class Threads implements OnApplicationShutdown {
  private pool?: Promise<Piscina>;

  constructor(private readonly config: WorkerConfig) {}

  /**
   * Runs an exported function of a module in a thread, which has `TASK_THREAD_MEGABYTES` of memory of its own. Throws
   * `OutOfMemory` when that is not enough; whatever else the process does goes on.
   * @param module its address, such as `new URL('./words.thread.js', import.meta.url)`
   * @param name of the function
   * @param input what it gets; it and the result are copied
   * @param signal ends the thread when it aborts
   */
  async run<T>(module: URL, name: string, input: unknown, signal: AbortSignal): Promise<T> {
    const megabytes = this.config.TASK_THREAD_MEGABYTES;
    this.pool ??= poolOf(megabytes);
    const pool = await this.pool;
    try {
      return (await pool.run(input, { filename: module.href, name, signal })) as T;
    } catch (error) {
      const isTooLarge = (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY';
      throw isTooLarge ? new OutOfMemory(megabytes) : error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.pool)?.destroy();
  }
}

/** The API has none, so it need not load what makes them. */
async function poolOf(megabytes: number): Promise<Piscina> {
  const { Piscina } = await import('piscina');
  return new Piscina({
    minThreads: 0,
    maxThreads: Math.max(1, availableParallelism() - 1),
    idleTimeout: IDLE_MILLISECONDS,
    niceIncrement: NICE,
    resourceLimits: { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
  });
}
