/** A Redis with a replica and a Sentinel that watches over them; whatever can speak TLS does. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certify } from './certificates.js';
import { freePort, until } from './program.js';
import { describeWith, hasProgram } from './programs.js';
import { HOST, startRedis, tell, type TestRedis } from './redis.js';

const [USER, PASSWORD] = ['app', 'canary@sesame'];

export interface TestSentinel {
  /** Of the Sentinel. */
  url: string;
  /** Of the first master itself. */
  masterUrl: string;
  /** The certificate that vouches for all of them. */
  ca: string;
  master: TestRedis;
  replica: TestRedis;
  /** Waits until the replica has taken over. */
  untilTakenOver(): Promise<void>;
  stop(): Promise<void>;
}

/** `describe` where there is a Redis that speaks TLS, and openssl. */
export function describeWithTls(name: string, suite: () => void): void {
  // It names the first setting that it does not know; what is not there says nothing.
  const { stderr } = spawnSync('redis-server', ['--tls-port', '0', '--nonsense', '1'], { encoding: 'utf8' });
  const hasTls = /nonsense/.test(stderr) && !stderr.includes('tls-port');
  describeWith('openssl, or no redis-server with TLS', hasTls && hasProgram('openssl', 'version'), name, suite);
}

export async function startSentinel(): Promise<TestSentinel> {
  const folder = mkdtempSync(join(tmpdir(), 'api-sentinel-'));
  const tls = certified(folder);
  const more = { user: `${USER} on >${PASSWORD} ~* &* +@all`, 'tls-replication': 'yes' };
  const [port, followerPort, sentinelPort] = [await freePort(), await freePort(), await freePort()];
  const master = await startRedis(undefined, undefined, { ...tls, ...more, 'tls-port': port });
  const following = { replicaof: `${HOST} ${port}`, 'repl-diskless-sync-delay': 0 };
  const replica = await startRedis(undefined, undefined, { ...tls, ...more, ...following, 'tls-port': followerPort });
  await until(async () => (await replica.tell('INFO replication')).includes('master_link_status:up'));
  const plainPort = await freePort();
  const lines = [
    ...Object.entries({ ...tls, port: plainPort, 'tls-port': sentinelPort, bind: HOST, dir: folder }),
    ['tls-replication', 'yes'],
    ['sentinel monitor', `main ${HOST} ${port} 1`],
    ['sentinel down-after-milliseconds', 'main 500'],
    ['sentinel failover-timeout', 'main 5000'],
  ].map((line) => line.join(' '));
  writeFileSync(join(folder, 'sentinel.conf'), lines.join('\n'));
  const sentinel = spawn('redis-server', [join(folder, 'sentinel.conf'), '--sentinel'], { stdio: 'ignore' });
  const ended = new Promise<void>((done) => sentinel.once('close', () => done()));
  await until(() => knowsReplica(plainPort, sentinel), 30_000);
  const access = `${USER}:${encodeURIComponent(PASSWORD)}`;
  return {
    url: `rediss-sentinel://${access}@${HOST}:${sentinelPort}/main`,
    masterUrl: `rediss://${access}@${HOST}:${port}`,
    ca: join(folder, 'ca.crt'),
    master,
    replica,
    untilTakenOver: () => until(async () => (await replica.tell('ROLE')).includes('master'), 30_000),
    async stop() {
      sentinel.kill('SIGKILL');
      await Promise.all([ended, master.kill(), replica.kill()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function knowsReplica(port: number, sentinel: ChildProcess): Promise<boolean> {
  if (sentinel.exitCode !== null) throw new Error(`the Sentinel ended with ${sentinel.exitCode}`);
  const answer = await tell(port, 'SENTINEL REPLICAS main').catch(() => '');
  return answer.includes('master-link-status\r\n$2\r\nok');
}

/** Settings of a server whose certificate a made-up authority vouches for. */
function certified(folder: string): Record<string, string> {
  const { cert, key, ca } = certify(folder);
  return { 'tls-cert-file': cert, 'tls-key-file': key, 'tls-ca-cert-file': ca, 'tls-auth-clients': 'no' };
}
