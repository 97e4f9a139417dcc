/** What an operator's probes and Prometheus see of an API and of a worker. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PREFIX, startApi, type User } from '../../support/api.js';
import { holdLocks, waitingForLocks } from '../../support/locks.js';
import { freePort, type Program, linesWith, start, until } from '../../support/program.js';
import { startProxy, type TcpProxy } from '../../support/proxy.js';
import { describeWithRedis, startRedis, type TestRedis } from '../../support/redis.js';

const CANARY = 'canary-5d3c1f';

let api: Api;
let worker: Program;
let proxy: TcpProxy;
let ports: { api: number; worker: number };
beforeAll(async () => {
  ports = { api: await freePort(), worker: await freePort() };
  // It is no replica, which is what the API is to tell.
  const replica = process.env.TEST_SERVER_URL;
  api = await startApi(
    { METRICS_PORT: String(ports.api), POSTGRES_REPLICA_URLS: replica, TRUST_PROXY: '127.0.0.1' },
    async (url) => {
      const through = new URL(url);
      proxy = await startProxy(Number(through.port));
      through.port = String(proxy.port);
      return through.href;
    },
  );
  worker = await start('worker', { ...api.env, METRICS_PORT: String(ports.worker) });
});
afterAll(async () => {
  proxy.become('open');
  await Promise.all([api.stop(), worker.stop()]);
  proxy.close();
});

const places = () => [api.program.url, `http://127.0.0.1:${ports.api}`, `http://127.0.0.1:${ports.worker}`];
const OK = { status: 200, body: { status: 'ok', checks: { database: 'ok', schema: 'ok' } } };
const FAILED = { status: 503, body: { status: 'unavailable', checks: { database: 'failed' } } };

/** What the API answers, which reads from replicas, or the worker, which does not. */
function at(place: string, { status, body }: typeof OK | typeof FAILED) {
  const { checks } = body;
  return { status, body: { ...body, checks: place === places()[2] ? checks : { ...checks, replicas: ['unusable'] } } };
}

async function probe(place: string, path = '/health/ready') {
  const answer = await fetch(place + path);
  return { status: answer.status, body: await answer.json() };
}

async function metricsOf(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

test('probes are answered to anyone, and kept by nobody', async () => {
  for (const place of places()) {
    expect(await probe(place, '/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await probe(place)).toEqual(at(place, OK));
    expect((await fetch(`${place}/health/ready`)).headers.get('cache-control')).toBe('no-store');
  }
});

test('metrics are not on the port of the API, and nothing else on theirs', async () => {
  expect((await fetch(`${api.program.url}/metrics`)).status).toBe(404);
  for (const path of ['/', `${PREFIX}/users`, '/constructor'])
    expect((await probe(places()[1]!, path)).status).toBe(404);
});

test('probes do not fill the log', async () => {
  await probe(api.program.url);
  await api.http.get('/nothing-here').expect(404);
  await until(() => api.program.output().includes('/nothing-here'));
  expect(api.program.output()).not.toContain('/health/');
});

test('who runs a schema that is behind is alive, but not ready', async () => {
  const [last] = await api.database.query<{ name: string }>('SELECT name FROM migration ORDER BY id DESC LIMIT 1');
  await api.database.query(`UPDATE migration SET name = 'Another' WHERE name = $1`, [last!.name]);
  const behind = { status: 503, body: { status: 'unavailable', checks: { database: 'ok', schema: 'behind' } } };
  for (const place of places()) {
    expect(await probe(place)).toEqual(at(place, behind));
    expect((await fetch(`${place}/health/ready`)).headers.get('retry-after')).toBe('1');
  }
  expect((await probe(api.program.url, '/health/live')).status).toBe(200);
  await api.database.query(`UPDATE migration SET name = $1 WHERE name = 'Another'`, [last!.name]);
  for (const place of places()) expect(await probe(place)).toEqual(at(place, OK));
});

const expectFailed = async (place: string) => expect(await probe(place)).toEqual(at(place, FAILED));
const untilReady = (place: string) => until(async () => (await probe(place)).status === 200);

test('a database that hangs makes nobody ready, within 2 s', async () => {
  proxy.become('silent');
  const begun = Date.now();
  await Promise.all(places().map(expectFailed));
  expect(Date.now() - begun).toBeLessThan(3_000);
  for (const place of places()) expect((await probe(place, '/health/live')).status).toBe(200);
  proxy.become('open');
  await Promise.all(places().map(untilReady));
});

test('many probes are no more work than one', async () => {
  const release = await holdLocks(api.database, 'LOCK TABLE migration IN ACCESS EXCLUSIVE MODE');
  const answers = Promise.all(places().flatMap((place) => Array.from({ length: 50 }, () => expectFailed(place))));
  await until(async () => (await waitingForLocks(api.database)) === 2);
  await answers;
  // One of the API and one of the worker; what came late may have begun another.
  expect(await waitingForLocks(api.database)).toBeLessThan(5);
  await release();
  await Promise.all(places().map(untilReady));
});

test('a worker whose queue does not answer shows all but its depth', async () => {
  const depth = /^queue_tasks{/m;
  expect(await metricsOf(ports.worker)).toMatch(depth);
  proxy.become('silent');
  const shown = await metricsOf(ports.worker);
  proxy.become('open');
  expect(shown).toMatch(/^process_cpu_seconds_total /m);
  expect(shown).not.toMatch(depth);
  await until(async () => depth.test(await metricsOf(ports.worker)));
});

test('metrics tell how requests, the pool, replicas, the cache, the event loop and tasks fare', async () => {
  const user = await api.signUp();
  await api.http.get(`${PREFIX}/nothing/${CANARY}`).expect(404);
  // As long as it has not listened for changes since the database hung, the API keeps no answers.
  const path = `${PREFIX}/users/${user.username}`;
  await until(async () => {
    await api.http.get(path).expect(200);
    return /cache_reads_total{tier="memory",result="hit"} [1-9]/.test(await metricsOf(ports.api));
  });
  const { headers } = await user.agent
    .post(`${PREFIX}/tasks`)
    .send({ name: 'sample', payload: { message: CANARY, seconds: 0 } });
  await until(async () => (await user.agent.get(headers.location!)).body.status === 'completed', 15_000);

  const shown = await metricsOf(ports.api);
  for (const line of [
    /^http_request_duration_seconds_count{method="GET",route="\/api\/v1\/users\/:username",status="200"} [1-9]/m,
    /^http_problems_total{code="not_found"} [1-9]/m,
    /^http_request_duration_seconds_bucket{le="0.01",method="GET",route="unknown",status="404"} \d/m,
    /^database_pool_connections{state="idle"} \d/m,
    /^database_reads_total{server="primary"} [1-9]/m,
    /^database_reads_total{server="replica"} 0$/m,
    /^database_replica_lag_seconds{replica="127.0.0.1:\d+"} \d/m,
    /^cache_reads_total{tier="redis",result="miss"} 0$/m,
    /^nodejs_eventloop_lag_p99_seconds /m,
  ]) expect(shown).toMatch(line); // prettier-ignore
  const tasks = await metricsOf(ports.worker);
  expect(tasks).toMatch(/^tasks_ended_total{name="sample",status="completed"} 1$/m);
  expect(tasks).toMatch(/^task_duration_seconds_count{name="sample"} 1$/m);
  expect(tasks).toMatch(/^queue_tasks{queue="\w+",status="waiting"} 0$/m);
  expect(tasks).toMatch(/^database_pool_connections{state="idle"} \d/m);
  expect(shown + tasks).not.toContain(CANARY);
  expect(shown + tasks).not.toContain(user.username);
});

/** Leaves before the answer is there, or in the middle of it, once `isTime`. */
async function leave(path: string, { token }: User, isTime: () => Promise<boolean>): Promise<Record<string, unknown>> {
  const id = randomUUID();
  const gone = new AbortController();
  const headers = { 'x-request-id': id, authorization: `Bearer ${token}` };
  const answer = fetch(api.program.url + path, { headers, signal: gone.signal });
  answer.catch(() => undefined);
  await until(isTime);
  gone.abort();
  const lines = () => linesWith(api.program, id);
  await until(() => lines().length > 0);
  expect(lines()).toHaveLength(1);
  return JSON.parse(lines()[0]!) as Record<string, unknown>;
}

test('a request whose client gives up is logged and measured as such', async () => {
  const user = await api.signUp();
  const release = await holdLocks(api.database, 'LOCK TABLE "user" IN ACCESS EXCLUSIVE MODE');
  const line = await leave(`${PREFIX}/users/nobody`, user, async () => (await waitingForLocks(api.database)) > 0);
  await release();
  expect(line).toMatchObject({ msg: 'request', route: `${PREFIX}/users/:username`, status: 499 });
  expect(await metricsOf(ports.api)).toMatch(/_count{method="GET",route="\S+\/users\/:username",status="499"} 1\n/);
});

test('an event stream that its client leaves is logged, and measured as long as it had not begun', async () => {
  const user = await api.signUp();
  const task = { name: 'sample', payload: { message: 'watched', seconds: 3 } };
  const { headers } = await user.agent.post(`${PREFIX}/tasks`).send(task).expect(202);
  const path = `${headers.location}/events`;
  const line = await leave(path, user, () => sleep(500, true));
  expect(line).toMatchObject({ msg: 'request', route: `${PREFIX}/tasks/:task_id/events`, status: 200 });
  expect(line.ms).toBeGreaterThan(300);
  await api.http.get(path).expect(401);
  const measured = () => metricsOf(ports.api);
  await until(async () =>
    (await measured()).includes('_count{method="GET",route="/api/v1/tasks/:task_id/events",status="401"} 1'),
  );
  expect(await measured()).not.toMatch(/:task_id\/events",status="(200|499)"/);
});

test('the dashboard shows only what there is', async () => {
  const shown = (await metricsOf(ports.api)) + (await metricsOf(ports.worker));
  const dashboard = readFileSync(join(__dirname, '../../../deploy/grafana/dashboard.json'), 'utf8');
  const names = [...dashboard.matchAll(/\b(?:[a-z\d]+_){1,}[a-z\d]+(?=\{job|, job\))/g)].map(([name]) => name);
  expect(new Set(names).size).toBeGreaterThanOrEqual(13);
  for (const name of new Set(names)) expect(shown).toMatch(new RegExp(`^${name}(\\{| )`, 'm'));
});

describeWithRedis('where there is Redis', () => {
  let redis: TestRedis;
  let programs: Program[];
  let probes: string[];
  beforeAll(async () => {
    redis = await startRedis();
    const url = `redis://127.0.0.1:${redis.port}`;
    const port = await freePort();
    const none = { METRICS_PORT: undefined, POSTGRES_REPLICA_URLS: undefined };
    const env = { ...api.env, ...none, REDIS_CACHE_URL: url, REDIS_QUEUE_URL: url };
    programs = await Promise.all([start('main', env), start('worker', { ...env, METRICS_PORT: String(port) })]);
    probes = [programs[0]!.url, `http://127.0.0.1:${port}`];
  });
  afterAll(async () => {
    await Promise.all(programs.map((program) => program.stop()));
    await redis.kill();
  });

  /** The same is told of the cache, which a worker has not, and of the queue. */
  async function expectRedis(state: 'ok' | 'failed'): Promise<void> {
    const checks = { database: 'ok', schema: 'ok', queue_redis: state };
    const [ofApi, ofWorker] = await Promise.all(probes.map((place) => probe(place)));
    expect(ofApi).toEqual({ status: 200, body: { status: 'ok', checks: { ...checks, cache_redis: state } } });
    expect(ofWorker).toEqual({ status: 200, body: { status: 'ok', checks } });
  }

  const untilWell = () =>
    until(() =>
      expectRedis('ok').then(
        () => true,
        () => false,
      ),
    );

  test('it is told of, whether it is well, hangs or is gone, and makes nobody unready', async () => {
    await untilWell();
    redis.hang();
    await expectRedis('failed');
    redis.goOn();
    await untilWell();
    await redis.kill();
    await expectRedis('failed');
  });
});
