import cluster, { type Worker } from 'node:cluster';
import type { Logger } from 'pino';

const RESTART_MILLISECONDS = 500;
// Each start that fails doubles the wait for the next one.
const LONGEST_MILLISECONDS = 10_000;

/** Several processes of the same program on one port (node:cluster). One that ends by itself is replaced. */
export class Cluster {
  /** Where they listen, as soon as one does. */
  url?: string;
  private readonly workers = new Set<Worker>();
  private isStopping = false;

  constructor(private readonly log: Logger) {}

  /** Starts so many processes; resolves when all of them listen, and rejects if one does not get there. */
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

  private fork(): Promise<void> {
    const worker = cluster.fork();
    this.workers.add(worker);
    return new Promise((done, fail) => {
      worker.on('message', ({ listening }: { listening?: string }) => {
        // It also sends its metrics.
        if (listening === undefined) return;
        this.url = listening;
        done();
        worker.once('exit', (code, signal) => this.replace(code ?? signal, RESTART_MILLISECONDS));
      });
      worker.once('exit', (code, signal) => {
        this.workers.delete(worker);
        fail(new Error(`a process ended with ${code ?? signal} before it listened`));
      });
    });
  }

  private replace(reason: number | string, milliseconds: number): void {
    if (this.isStopping) return;
    this.log.error({ reason, milliseconds }, 'a process ended, another takes its place');
    const again = (error: unknown) => this.replace(String(error), Math.min(2 * milliseconds, LONGEST_MILLISECONDS));
    setTimeout(() => {
      if (!this.isStopping) this.fork().catch(again);
    }, milliseconds);
  }
}
