import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { PASSWORD, PREFIX } from '../../support/api.js';
import { freePort, until } from '../../support/program.js';
import { isAlive, useProjects } from '../../support/project.js';

const GONE_MILLISECONDS = 5_000;
const TIMEOUT = 120_000;

const clone = useProjects(TIMEOUT);

async function register(url: string, name: string): Promise<void> {
  const account = { name, username: 'ada', email: 'ada@example.com', password: PASSWORD };
  await request(url).post(`${PREFIX}/users`).send(account).expect(201);
}

/** The name that Ada has registered with. */
async function nameAt(url: string): Promise<string> {
  return (await request(url).get(`${PREFIX}/users/ada`).expect(200)).body.name;
}

test(
  'one command brings up the whole system, stops it cleanly, and finds its data again, even after a SIGKILL',
  async () => {
    const project = clone();
    const first = project.start();
    const url = await first.url();
    expect(first.output()).toMatch(/^Docs +http\S+\/docs /m);
    expect(first.output()).toMatch(/^Superuser +admin, password: ADMIN_PASSWORD in \.data\/secrets\.env$/m);
    const secrets = join(project.folder, '.data/secrets.env');
    expect(statSync(secrets).mode & 0o077).toBe(0);
    const password = /^ADMIN_PASSWORD=(.+)$/m.exec(readFileSync(secrets, 'utf8'))![1]!;
    expect(first.output()).not.toContain(password);
    await request(url).post(`${PREFIX}/auth/login`).send({ username: 'admin', password }).expect(200);
    await request(url).get('/docs').expect(200);
    await register(url, 'Kept');
    const pids = [...first.programs(), project.postmaster()!];
    expect(pids.map(isAlive)).toEqual([true, true, true]);

    const again = project.start();
    expect(await again.stopped).toBe(1);
    expect(again.output()).toMatch(/already running/);
    expect(again.output().trim().split('\n')).toHaveLength(1);
    expect(await nameAt(url)).toBe('Kept');

    const before = Date.now();
    expect(await first.stop()).toBe(0);
    expect(Date.now() - before).toBeLessThan(GONE_MILLISECONDS);
    expect(pids.map(isAlive)).toEqual([false, false, false]);

    const killed = project.start();
    expect(await nameAt(await killed.url())).toBe('Kept');
    const programs = killed.programs();
    expect(programs).toHaveLength(2);
    await killed.stop('SIGKILL');
    await until(() => !programs.some(isAlive), GONE_MILLISECONDS, 'API and worker end');

    const metricsPort = await freePort();
    const next = project.start({ METRICS_PORT: String(metricsPort) });
    expect(await nameAt(await next.url())).toBe('Kept');
    expect(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()).toContain('http_request_duration');
    expect(await next.stop('SIGINT')).toBe(0);
    expect(project.postmaster()).toBeUndefined();
  },
  TIMEOUT,
);

test(
  'a very first start that is killed leaves nothing that a next one stumbles over, even beside another clone',
  async () => {
    const [project, other] = [clone(), clone()];
    const killed = project.start();
    // The cluster is being made: its folder is there, the database is not.
    const isBeingMade = () => readdirSync(project.folder + '/.data').some((name) => name.startsWith('postgres.new-'));
    await until(() => existsSync(join(project.folder, '.data')) && isBeingMade(), 20_000, 'initdb begins');
    await killed.stop('SIGKILL');
    expect(existsSync(join(project.folder, '.data/postgres'))).toBe(false);

    const [one, two] = [project.start(), other.start()];
    const urls = await Promise.all([one.url(), two.url()]);
    expect(urls[0]).not.toBe(urls[1]);
    await Promise.all([register(urls[0], 'Of one'), register(urls[1], 'Of two')]);
    expect(await Promise.all(urls.map(nameAt))).toEqual(['Of one', 'Of two']);
    expect(await Promise.all([one.stop(), two.stop()])).toEqual([0, 0]);
  },
  TIMEOUT,
);

test(
  'builds at the same time do not get in the way of each other, nor does one that died',
  async () => {
    const { folder } = clone();
    const build = () => spawn(process.execPath, ['scripts/build.mjs'], { cwd: folder, stdio: 'ignore' });
    writeFileSync(join(folder, 'dist.lock'), String(spawnSync(process.execPath, ['-e', '0']).pid));
    const ends = [build(), build(), build()].map((one) => once(one, 'exit'));
    expect((await Promise.all(ends)).map(([code]) => code as number)).toEqual([0, 0, 0]);
    expect(existsSync(join(folder, 'dist.lock'))).toBe(false);
  },
  TIMEOUT,
);

test(
  'wrong settings are one line each, and nothing is started',
  async () => {
    const project = clone();
    const refused = project.start({ PORT: 'abc', WORKER_CONCURRENCY: '0' });
    expect(await refused.stopped).toBe(1);
    const lines = refused.output().match(/^[A-Z_]+(?=:)/gm)!;
    expect(lines.toSorted()).toEqual(['PORT', 'WORKER_CONCURRENCY']);
    expect(project.postmaster()).toBeUndefined();
  },
  TIMEOUT,
);
