/** A Redis Cluster of three for a whole run. One whose servers a suite can break is in test/support/redis-cluster.ts. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../scripts/free-port.mjs';

const SIZE = 3;
const HOST = '127.0.0.1';
const START_MILLISECONDS = 10_000;

/** @returns {Promise<{ url: string, pids: number[], usage: () => Record<string, number>[], stop: () => Promise<void> }>} usage: how often each server was given each command */
export async function startCluster() {
  if (spawnSync('redis-server', ['--version']).error) {
    throw new Error('There is no redis-server in the PATH, of which these suites need three: install Redis.');
  }
  const folder = mkdtempSync(join(tmpdir(), 'api-redis-'));
  const ports = await freePorts(2 * SIZE);
  const nodes = ports.splice(SIZE);
  const children = nodes.map((port, index) => start(folder, port, ports[index]));
  await Promise.all(nodes.map(untilAnswering));
  const addresses = nodes.map((port) => `${HOST}:${port}`);
  execFileSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'], { timeout: START_MILLISECONDS });
  return {
    url: `redis-cluster://${addresses.join(',')}`,
    pids: children.map(({ pid }) => pid),
    usage: () => nodes.map((port) => commandsOf(tell(port, 'INFO', 'commandstats'))),
    async stop() {
      const ended = children.map((child) => once(child, 'exit'));
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(ended);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePorts(count) {
  const ports = new Set();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

function start(folder, port, bus) {
  const settings = { port, bind: HOST, dir: folder, save: '', appendonly: 'no', 'cluster-enabled': 'yes' };
  const cluster = { 'cluster-port': bus, 'cluster-config-file': `nodes-${port}.conf` };
  const args = Object.entries({ ...settings, ...cluster }).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return spawn('redis-server', args, { stdio: 'ignore' });
}

async function untilAnswering(port) {
  for (let waited = 0; tell(port, 'PING') !== 'PONG'; waited += 50) {
    if (waited > START_MILLISECONDS) throw new Error(`The Redis on port ${port} does not answer`);
    await sleep(50);
  }
}

function tell(port, ...command) {
  return spawnSync('redis-cli', ['-p', String(port), ...command], { encoding: 'utf8' }).stdout.trim();
}

function commandsOf(stats) {
  return Object.fromEntries(
    [...stats.matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)].map(([, name, calls]) => [name, +calls]),
  );
}
