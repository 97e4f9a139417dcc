/** The system with the tasks of the lab, on either backend, and what is done to it. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PASSWORD, PREFIX } from '../support/api.js';
import {
  createDatabase,
  environment,
  type Environment,
  type Program,
  start,
  type TestDatabase,
} from '../support/program.js';
import { hasProgram, isLeftOut } from '../support/programs.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { Ledger } from './ledger.js';

export type Backend = 'PostgreSQL' | 'Redis';

/** A worker of the lab, by the name that it signs its runs with. */
export type LabWorker = Program & { name: string };

const PATIENCE_MILLISECONDS = 10_000;
const IS_LONG = process.env.FAULTS_LONG === '1';
let workers = 0;

/** How much of something: so many in the usual run, so many with `--long`. */
export function often(short: number, long: number): number {
  return IS_LONG ? long : short;
}

/** The suite for each backend that there is. */
export function describeBackends(
  suite: (backend: Backend) => void,
  backends: Backend[] = ['PostgreSQL', 'Redis'],
): void {
  for (const backend of backends) {
    const isThere = backend !== 'Redis' || hasProgram('redis-server');
    const isSkipped = isLeftOut('the backend Redis', 'redis-server', isThere, report);
    (isSkipped ? describe.skip : describe)(backend, () => suite(backend));
  }
}

/** A line for the end of the run. */
export function report(line: string): void {
  appendFileSync(process.env.FAULTS_REPORT!, `${line}\n`);
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** As `12.0 s, at most 20.1 s` tells it. */
export function summary(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  return `median ${seconds(sorted[Math.floor(sorted.length / 2)]!)}, at most ${seconds(sorted.at(-1)!)}`;
}

export class Lab {
  readonly running = new Set<LabWorker>();
  api!: Program;
  private token = '';

  private constructor(
    readonly database: TestDatabase,
    readonly ledger: Ledger,
    readonly env: Environment,
    private readonly folder: string,
    private redis: TestRedis | undefined,
  ) {}

  /** On an empty database, unless one is given. */
  static async open(backend: Backend, database?: TestDatabase): Promise<Lab> {
    const own = database ?? (await createDatabase());
    const folder = mkdtempSync(join(tmpdir(), 'api-faults-'));
    const redis = backend === 'Redis' ? await startRedis(undefined, folder) : undefined;
    const ledger = await Ledger.open(own);
    const queue = redis && { REDIS_QUEUE_HOST: '127.0.0.1', REDIS_QUEUE_PORT: String(redis.port) };
    const env = environment(own.url, { LAB_RUNS: ledger.file, LOG_LEVEL: 'warn', ...queue });
    return new Lab(own, ledger, env, folder, redis);
  }

  async startApi(): Promise<void> {
    this.api = await start(join(__dirname, 'lab-api.mjs'), this.env);
    if (this.token) return;
    const login = { username: 'ada', password: PASSWORD };
    await this.ask('/users', { name: 'Ada', email: 'ada@example.com', ...login });
    const response = await this.ask('/auth/login', login);
    this.token = ((await response.json()) as { access_token: string }).access_token;
  }

  async startWorker(overrides: Environment = {}): Promise<LabWorker> {
    const name = `w${++workers}`;
    const program = await start(join(__dirname, 'lab-worker.mjs'), { ...this.env, LAB_WORKER: name, ...overrides });
    const worker = { ...program, name };
    this.running.add(worker);
    void program.ended.then(() => this.running.delete(worker));
    return worker;
  }

  /** Keeps a worker running: another one takes the place of one that ends. */
  supervise(): () => void {
    const over = new AbortController();
    void (async () => {
      while (!over.signal.aborted) await (await this.startWorker().catch(() => undefined))?.ended;
    })();
    return () => over.abort();
  }

  /** Posts a task, enters it into the ledger, and answers its status; 0 when there was no answer. */
  async send(milliseconds = 0, name = 'ledger'): Promise<{ status: number; id?: string }> {
    const n = this.ledger.number();
    if (name === 'ledger') this.ledger.sent.add(n);
    const response = await this.ask('/tasks', { name, payload: { n, milliseconds } }).catch(() => undefined);
    if (response?.status !== 202) return { status: response?.status ?? 0 };
    if (name === 'ledger') this.ledger.acknowledged.add(n);
    return { status: 202, id: ((await response.json()) as { id: string }).id };
  }

  /** Sends tasks that take `milliseconds`, about so many a second, until told to stop. */
  load({ each, milliseconds }: { each: number; milliseconds: number }): () => Promise<void> {
    const over = new AbortController();
    const sending = (async () => {
      while (!over.signal.aborted) await Promise.all([this.send(milliseconds), sleep(1_000 / each)]);
    })();
    return () => {
      over.abort();
      return sending;
    };
  }

  async ask(path: string, body?: object): Promise<Response> {
    return fetch(`${this.api.url}${PREFIX}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', ...(this.token && { authorization: `Bearer ${this.token}` }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
  }

  get store(): TestRedis {
    return this.redis!;
  }

  /** Redis again, with what it has written down. */
  async restartRedis(): Promise<void> {
    this.redis = await startRedis(this.redis!.port, this.folder);
  }

  async close(): Promise<void> {
    await Promise.all([...this.running, this.api].map((program) => program?.stop('SIGKILL')));
    await this.redis?.kill();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
