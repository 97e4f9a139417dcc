import cluster, { type Worker } from 'node:cluster';
import type { Logger } from 'pino';

const SHORTEST_MILLISECONDS = 500;
// Each process that ends early doubles the wait before the next one.
const LONGEST_MILLISECONDS = 10_000;
const SOON_MILLISECONDS = 10_000;

/** Several processes of the same program on one port (node:cluster). One that ends by itself is replaced. */
export class Cluster {
  /** Where they listen, as soon as one does. */
  url?: string;
  private readonly workers = new Set<Worker>();
  private isStopping = false;

  constructor(private readonly log: Logger) {}

  /** Starts so many processes; resolves when all of them listen, and rejects if one does not get there by itself. */
  async start(count: number): Promise<void> {
    try {
      await Promise.all(Array.from({ length: count }, () => this.fork()));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.isStopping = true;
    const ends = [...this.workers].map((worker) => new Promise((done) => worker.once('exit', done)));
    for (const worker of this.workers) worker.process.kill('SIGTERM');
    await Promise.all(ends);
  }

  /** @param pause how long another one waits, in milliseconds, if it ends soon after it has begun to listen */
  private fork(pause = SHORTEST_MILLISECONDS): Promise<void> {
    const worker = cluster.fork();
    this.workers.add(worker);
    return new Promise((done, fail) => {
      worker.on('message', ({ listening }: { listening?: string }) => {
        // It also sends its metrics.
        if (listening === undefined) return;
        const since = performance.now();
        this.url = listening;
        done();
        worker.once('exit', (code, signal) => {
          const isSoon = performance.now() - since < SOON_MILLISECONDS;
          this.replace(code ?? signal, isSoon ? pause : SHORTEST_MILLISECONDS);
        });
      });
      worker.once('exit', (code, signal) => {
        this.workers.delete(worker);
        if (!this.isStopping) fail(new Error(`a process ended with ${code ?? signal} before it listened`));
      });
    });
  }

  private replace(reason: number | string, pause: number): void {
    if (this.isStopping) return;
    this.log.error({ reason, milliseconds: pause }, 'a process ended; another one takes its place');
    const longer = Math.min(2 * pause, LONGEST_MILLISECONDS);
    setTimeout(() => {
      if (!this.isStopping) this.fork(longer).catch((error: unknown) => this.replace(String(error), longer));
    }, pause);
  }
}
