/** A PostgreSQL of a suite's own, on one port for good, to be restarted. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, finish, freePort, type Program, start, until } from '../support/program.js';

const SCRIPT = join(__dirname, '../support/postgres.mjs');

/** How it is stopped (https://www.postgresql.org/docs/current/server-shutdown.html), or SIGKILL, which nothing survives. */
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT', killed: 'SIGKILL' } as const;

export class Postgres {
  private program!: Program;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** With the schema that a program makes. */
  static async start(migrate = 'migrate'): Promise<Postgres> {
    const folder = mkdtempSync(join(tmpdir(), 'api-outage-'));
    chmodSync(folder, 0o755);
    const postgres = new Postgres(folder, await freePort());
    await postgres.run();
    expect((await finish(migrate, environment(postgres.url))).code).toBe(0);
    return postgres;
  }

  get url(): string {
    return `postgres://postgres:test@127.0.0.1:${this.port}/postgres`;
  }

  async restart(how: keyof typeof SIGNALS): Promise<void> {
    const pid = Number(readFileSync(join(this.folder, 'postgres/postmaster.pid'), 'utf8').split('\n', 1)[0]);
    process.kill(pid, SIGNALS[how]);
    await this.program.stop();
    // What is left of the server's other processes may hold its memory for a moment longer.
    const isBack = () => this.run().then(() => true, () => false); // prettier-ignore
    await until(isBack);
  }

  async stop(): Promise<void> {
    await this.program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(): Promise<void> {
    const args = [join(this.folder, 'postgres'), String(this.port)];
    this.program = await start(SCRIPT, { PATH: process.env.PATH }, args);
  }
}
