import { availableParallelism } from 'node:os';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';

const IDLE_MILLISECONDS = 10_000;

/** Threads for what would keep the event loop from everything else. One core stays free for the loop itself. */
@Injectable()
export class Threads implements OnApplicationShutdown {
  private pool?: Piscina;

  /**
   * Runs an exported function of a module in a thread.
   * @param module its address, such as `new URL('./words.thread.js', import.meta.url)`
   * @param name of the function
   * @param input what it gets; it and the result are copied
   */
  run<T>(module: URL, name: string, input: unknown, signal: AbortSignal): Promise<T> {
    const maxThreads = Math.max(1, availableParallelism() - 1);
    this.pool ??= new Piscina({ minThreads: 0, maxThreads, idleTimeout: IDLE_MILLISECONDS });
    return this.pool.run(input, { filename: module.href, name, signal }) as Promise<T>;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }
}
