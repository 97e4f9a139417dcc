import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createDatabase,
  environment,
  freePort,
  type Program,
  start,
  type TestDatabase,
  until,
} from '../support/program.js';
import { LAB_API, LAB_TEMPLATE } from '../support/lab.js';
import { readNames } from '../support/products.js';
import { hasProgram, isLeftOut } from '../support/programs.js';
import { report, summary } from './lab.js';
import { Traffic } from './traffic.js';

const RESTARTS = 20;
const EACH_SECOND = 320;
const PROBE_MILLISECONDS = 200;

const isSkipped = isLeftOut('restarts behind a balancer', 'haproxy', hasProgram('haproxy', '-v'), report);

(isSkipped ? describe.skip : describe)('two APIs behind a balancer', () => {
  const apis: Program[] = [];
  let ports: number[];
  let database: TestDatabase;
  let balancer: Balancer;
  beforeAll(async () => {
    database = await createDatabase(LAB_TEMPLATE);
    ports = [await freePort(), await freePort()];
    for (const port of ports) apis.push(await startApi(database, port));
    balancer = await Balancer.start(ports);
  }, 60_000);
  afterAll(async () => {
    await balancer.stop();
    await Promise.all(apis.map((api) => api.stop('SIGKILL')));
    await database.drop();
  });

  test(`restarted ${RESTARTS} times one after the other fail no request`, async () => {
    const traffic = await Traffic.of(balancer.url);
    const times: number[] = [];
    const begun = Date.now();
    traffic.begin(EACH_SECOND);
    for (let restart = 0; restart < RESTARTS; restart++) {
      const index = restart % ports.length;
      const stopping = Date.now();
      expect(await apis[index]!.stop()).toBe(0);
      times.push(Date.now() - stopping);
      apis[index] = await startApi(database, ports[index]!);
      await balancer.untilBothAreUp();
    }
    const rate = Math.round(traffic.sent / ((Date.now() - begun) / 1_000));
    await traffic.end();
    expect(traffic.failures).toEqual({});
    expect(rate).toBeGreaterThan(300);
    const names = await readNames(database);
    expect(traffic.lost(names)).toEqual([]);
    expect(names).toHaveLength(traffic.written);
    report(
      `${RESTARTS} restarts behind a balancer: ${traffic.sent} requests, ${rate} a second, none failed; a stop took ${summary(times)}`,
    );
  }, 600_000);
});

function startApi(database: TestDatabase, port: number): Promise<Program> {
  const settings = { PORT: String(port), SHUTDOWN_GRACE_SECONDS: '2', LOG_LEVEL: 'warn' };
  return start(LAB_API, environment(database.url, settings));
}

/** HAProxy, which asks each API whether it is ready, and passes every request on once. */
class Balancer {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(ports: number[]): Promise<Balancer> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'api-balancer-'));
    const servers = ports.map(
      (one) => `  server api${one} 127.0.0.1:${one} check inter ${PROBE_MILLISECONDS} fall 1 rise 1`,
    );
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, `${[...CONFIG, `  bind 127.0.0.1:${port}`, ...servers].join('\n')}\n`);
    const child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
    const balancer = new Balancer(`http://127.0.0.1:${port}`, child, folder);
    await balancer.untilBothAreUp();
    return balancer;
  }

  untilBothAreUp(): Promise<void> {
    const areUp = () => fetch(`${this.url}${BOTH}`).then(({ ok }) => ok, () => false); // prettier-ignore
    return until(areUp);
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}

// Where the balancer itself says whether it sends requests to both.
const BOTH = '/both';

const CONFIG = [
  'defaults',
  '  mode http',
  '  timeout connect 5s',
  '  timeout client 30s',
  '  timeout server 30s',
  // Else a probe may take no longer than there is between two.
  '  timeout check 2s',
  'listen api',
  '  option httpchk GET /health/ready',
  `  monitor-uri ${BOTH}`,
  '  monitor fail if { nbsrv lt 2 }',
  // It repeats what an API refuses else.
  '  retries 0',
];
