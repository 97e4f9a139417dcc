/** API and worker at 512 MB with the limits that they have by default, two abusers, and a witness of what others notice. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NAME, PASSWORD, PREFIX } from './api.js';
import { Abuser, giveUp } from './abuser.js';
import { LAB_API, LAB_TEMPLATE, LAB_WORKER } from './lab.js';
import { beginLimited, type Limited } from './limited.js';
import {
  createDatabase,
  databaseAt,
  type Environment,
  environment,
  freePort,
  SETTINGS,
  type TestDatabase,
  until,
} from './program.js';
import { fillProducts } from './products.js';
import { watchOthers } from './processors.js';
import { send } from './raw.js';
import { HEAVY_TASKS } from './routes.js';

const WITNESS = join(__dirname, 'witness.mjs');
const WITNESS_ADDRESS = '127.0.0.3';
const WITNESS_MILLISECONDS = 1_000;
const CALM_MILLISECONDS = 1_500;
const AFTERWARDS_MILLISECONDS = 5_000;
const PRODUCTS = 100;
const CHARACTERS = 63_206;
// One takes three bytes, the other six in JSON.
const SIGNS = ['chr(20013)', 'chr(14)'];

// Of the settings of all suites, those that switch off no limit.
const KEPT = new Set(['ENVIRONMENT', 'PORT', 'SECRET_KEY', 'ADMIN_PASSWORD', 'BCRYPT_COST', 'START_WAIT_SECONDS']);
const LIMITS = Object.fromEntries(Object.keys(SETTINGS).flatMap((name) => (KEPT.has(name) ? [] : [[name, undefined]])));

export interface Seen {
  what: string;
  status: number | string;
  /** When it was sent, in milliseconds since 1970. */
  at: number;
  /** How long it took. */
  ms: number;
}

export interface Witnessed {
  before: Seen[];
  during: Seen[];
  /** How much longer everything took as the machine had other things to do: 1 where it had none. */
  slowdown: number;
}

/** A database with the accounts, and much for them to ask for. */
export async function seed(): Promise<TestDatabase> {
  const database = await createDatabase(LAB_TEMPLATE);
  const api = beginLimited(LAB_API, settings(database));
  const url = await api.listening;
  for (const username of ['abuser1', 'abuser2', 'witness']) await register(url, username);
  const own = databaseAt(database.url);
  await fill(own);
  await own.drop();
  giveUp();
  await api.stop();
  return database;
}

export class Besieged {
  readonly abusers: [Abuser, Abuser];
  readonly nobody: Abuser;
  private seen?: Promise<Seen[]>;
  private witness?: ChildProcess;

  private constructor(
    readonly database: TestDatabase,
    readonly url: string,
    readonly metricsUrl: string,
    readonly api: Limited,
    readonly worker: Limited,
    tokens: string[],
    private readonly witnessToken: string,
  ) {
    this.abusers = [new Abuser(url, 'abuser1', tokens[0]), new Abuser(url, 'abuser2', tokens[1])];
    this.nobody = new Abuser(url);
  }

  /** @param seeded where nobody is connected to any more */
  static async begin(seeded: TestDatabase): Promise<Besieged> {
    const database = await createDatabase(new URL(seeded.url).pathname.slice(1));
    const METRICS_PORT = String(await freePort());
    const api = beginLimited(LAB_API, { ...settings(database), METRICS_PORT });
    const worker = beginLimited(LAB_WORKER, settings(database));
    const [url] = await Promise.all([api.listening, worker.listening]);
    const tokens = await Promise.all(['abuser1', 'abuser2', 'witness'].map((username) => signIn(url, username)));
    const metricsUrl = `http://127.0.0.1:${METRICS_PORT}/metrics`;
    return new Besieged(database, url, metricsUrl, api, worker, tokens, tokens[2]!);
  }

  /** Lets the witness watch before and while that goes on; answers with what it has seen. */
  async watch(abuse: (scene: this) => Promise<unknown>): Promise<Witnessed> {
    this.startWitness();
    await sleep(CALM_MILLISECONDS);
    const since = Date.now();
    const slowdown = watchOthers();
    try {
      await abuse(this);
      await this.maintain();
    } finally {
      this.witness!.send('stop', () => undefined);
    }
    const seen = await this.seen!;
    giveUp();
    const [before, during] = [seen.filter(({ at }) => at < since), seen.filter(({ at }) => at >= since)];
    return { before, during, slowdown: slowdown() };
  }

  /** What a schedule does when its time has come, and how long it takes until it is done. */
  async maintain(): Promise<void> {
    const [row] = await this.database.query<{ id: string }>(
      `INSERT INTO task (name, payload) VALUES ('expired_sessions', '{}') RETURNING id`,
    );
    await this.completed('id = $1', [row!.id], 'maintenance runs');
  }

  /** Waits until all of the witness's tasks are completed. */
  async servesWitness(): Promise<void> {
    const isWitness = `owner_user_id = (SELECT id FROM "user" WHERE username = 'witness')`;
    await this.completed(isWitness, [], "the witness's tasks are done");
  }

  async end(): Promise<void> {
    this.witness?.kill();
    giveUp();
    await Promise.all([this.api, this.worker].map((program) => program.stop('SIGKILL')));
    await this.database.drop();
  }

  private startWitness(): void {
    const who = { url: this.url, username: 'witness', password: PASSWORD, token: this.witnessToken };
    this.witness = fork(WITNESS, [JSON.stringify({ ...who, address: WITNESS_ADDRESS })]);
    this.seen = new Promise((done, fail) => {
      this.witness!.once('message', (seen) => done(seen as Seen[])).once('exit', (code) => fail(new Error(`${code}`)));
    });
    this.seen.catch(() => undefined);
  }

  private async completed(condition: string, values: unknown[], what: string): Promise<void> {
    const sql = `SELECT count(*)::int AS open FROM task WHERE status <> 'completed' AND ${condition}`;
    await until(
      async () => (await this.database.query<{ open: number }>(sql, values))[0]!.open === 0,
      AFTERWARDS_MILLISECONDS,
      what,
    );
  }
}

/** The requests of the witness that were not served within a second, counted by kind. */
export function unserved({ during, slowdown }: Witnessed): Record<string, string> {
  const limit = WITNESS_MILLISECONDS * slowdown;
  const bad = during.filter(({ status, ms }) => !String(status).startsWith('2') || ms > limit);
  const kinds: Record<string, Seen[]> = {};
  for (const one of bad) (kinds[`${one.what}: ${one.status}`] ??= []).push(one);
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, seen]) => [kind, `${seen.length} times, ms ${spread(seen)}`]),
  );
}

/** The median and the longest that each kind of request took, in milliseconds. */
export function summary({ before, during, slowdown }: Witnessed): string {
  const kinds = [...new Set(during.map(({ what }) => what))].toSorted();
  const of = (seen: Seen[], kind: string) => spread(seen.filter(({ what }) => what === kind));
  const figures = kinds.map((kind) => `${kind} ${of(during, kind)} (before ${of(before, kind)})`);
  return `${figures.join(', ')}; a machine ${slowdown.toFixed(1)} times as slow as it could be`;
}

function spread(seen: Seen[]): string {
  const times = seen.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return `${times[times.length >> 1]}/${times.at(-1)}`;
}

function settings({ url }: TestDatabase): Environment {
  return environment(url, LIMITS);
}

async function register(url: string, username: string): Promise<void> {
  const body = { name: NAME, username, email: `${username}@example.com`, password: PASSWORD };
  const { status } = await send(url, { method: 'POST', path: `${PREFIX}/users`, body });
  expect(status).toBe(201);
}

async function signIn(url: string, username: string): Promise<string> {
  const body = { username, password: PASSWORD };
  const { text } = await send(url, { method: 'POST', path: `${PREFIX}/auth/login`, body });
  return (JSON.parse(text) as { access_token: string }).access_token;
}

/** As much of each abuser's as the tasks that cost most may have to do, and long lists that are in nobody's export. */
async function fill(database: TestDatabase): Promise<void> {
  const idOf = async (username: string) =>
    (await database.query<{ id: number }>('SELECT id::int FROM "user" WHERE username = $1', [username]))[0]!.id;
  const owner = { id: await idOf('witness') };
  for (const sign of SIGNS) await fillProducts({ database }, owner, PRODUCTS, `repeat(${sign}, ${CHARACTERS})`);
  for (const username of ['abuser1', 'abuser2']) {
    const id = await idOf(username);
    for (const task of Object.values(HEAVY_TASKS)) await database.query(task.fill, [id]);
  }
}
