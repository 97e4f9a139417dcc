import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createDatabase,
  environment,
  freePort,
  type Program,
  start,
  type TestDatabase,
  until,
} from '../support/program.js';
import { hasProgram, often, report, seconds, summary } from './lab.js';
import { Traffic } from './traffic.js';

const RESTARTS = often(6, 20);
const EACH_SECOND = 320;
const PROBE_MILLISECONDS = 200;

const isMissing = !hasProgram('haproxy', '-v');
if (isMissing) report('SKIPPED the restarts behind a balancer, as there is no haproxy in the PATH');

(isMissing ? test.skip : test)(
  `${RESTARTS} restarts of two APIs behind a balancer fail no request`,
  async () => {
    const database = await createDatabase();
    const ports = [await freePort(), await freePort()];
    const apis = await Promise.all(ports.map((port) => startApi(database, port)));
    const balancer = await Balancer.start(ports);
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
      // Until the balancer has seen it.
      await sleep(5 * PROBE_MILLISECONDS);
    }
    const rate = traffic.sent / ((Date.now() - begun) / 1_000);
    await traffic.end();
    expect(traffic.failures).toEqual({});
    expect(rate).toBeGreaterThan(300);
    const rows = await database.query<{ title: string }>('SELECT title FROM post');
    expect(traffic.lost(rows.map(({ title }) => title))).toEqual([]);
    expect(rows).toHaveLength(traffic.written);
    report(
      `${RESTARTS} restarts behind a balancer: ${traffic.sent} requests, ${Math.round(rate)} a second, none failed; a stop took ${summary(times)}, all ${seconds(Date.now() - begun)}`,
    );
    await Promise.all(apis.map((api) => api.stop('SIGKILL')));
    await balancer.stop();
    await database.drop();
  },
  600_000,
);

function startApi(database: TestDatabase, port: number): Promise<Program> {
  const settings = { PORT: String(port), SHUTDOWN_GRACE_SECONDS: '1', LOG_LEVEL: 'warn' };
  return start('main', environment(database.url, settings));
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
    const folder = mkdtempSync(join(tmpdir(), 'fast-nestjs-balancer-'));
    const servers = ports.map(
      (one) => `  server api${one} 127.0.0.1:${one} check inter ${PROBE_MILLISECONDS} fall 1 rise 1`,
    );
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, `${[...CONFIG, `  bind 127.0.0.1:${port}`, ...servers].join('\n')}\n`);
    const child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
    const url = `http://127.0.0.1:${port}`;
    const isUp = () => fetch(`${url}/health/ready`).then(({ ok }) => ok, () => false); // prettier-ignore
    await until(isUp, 10_000);
    return new Balancer(url, child, folder);
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}

const CONFIG = [
  'defaults',
  '  mode http',
  '  timeout connect 5s',
  '  timeout client 30s',
  '  timeout server 30s',
  'listen api',
  '  option httpchk GET /health/ready',
  '  option redispatch',
];
