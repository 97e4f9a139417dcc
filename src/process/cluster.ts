import cluster, { type Worker } from 'node:cluster';
import type { Logger } from 'pino';

const RESTART_MILLISECONDS = 500;

/** Several processes of the same program on one port (node:cluster). One that ends by itself is replaced. */
export class Cluster {
  private readonly workers = new Set<Worker>();
  private isStopping = false;

  private constructor(private readonly log: Logger) {}

  /** Starts so many processes; resolves with what they tell of where they listen, and rejects if one does not get there. */
  static async start(count: number, log: Logger): Promise<{ cluster: Cluster; listening: string }> {
    const all = new Cluster(log);
    try {
      const [listening] = await Promise.all(Array.from({ length: count }, () => all.fork()));
      return { cluster: all, listening: listening! };
    } catch (error) {
      await all.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.isStopping = true;
    const ends = [...this.workers].map((worker) => new Promise((done) => worker.once('exit', done)));
    for (const worker of this.workers) worker.process.kill('SIGTERM');
    await Promise.all(ends);
  }

  private fork(): Promise<string> {
    const worker = cluster.fork();
    this.workers.add(worker);
    return new Promise((done, fail) => {
      worker.once('message', ({ listening }: { listening: string }) => {
        done(listening);
        worker.once('exit', (code, signal) => this.replace(code ?? signal));
      });
      worker.once('exit', (code) => {
        this.workers.delete(worker);
        fail(new Error(`a process ended with ${code} before it listened`));
      });
    });
  }

  private replace(reason: number | string): void {
    if (this.isStopping) return;
    this.log.error({ reason }, 'a process ended, another takes its place');
    setTimeout(() => {
      if (!this.isStopping) this.fork().catch((error: unknown) => this.replace(String(error)));
    }, RESTART_MILLISECONDS);
  }
}
