/** Several processes on one port (WEB_CONCURRENCY). */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Api, PREFIX, startApi } from '../support/api.js';
import { holdLocks, waitingForLocks } from '../support/locks.js';
import { begin, freePort, isRefused, start, until } from '../support/program.js';
import { isAlive } from '../support/project.js';
import { startProxy, type TcpProxy } from '../support/proxy.js';
import { type Received, send, type Sent } from '../support/raw.js';

const STOP_MILLISECONDS = 10_000;

let api: Api;
let proxy: TcpProxy;
let metricsPort: number;
beforeAll(async () => {
  metricsPort = await freePort();
  const settings = { WEB_CONCURRENCY: '2', METRICS_PORT: String(metricsPort), START_WAIT_SECONDS: '30' };
  api = await startApi({ ...settings, TRUST_PROXY: '127.0.0.1' }, async (url) => {
    const through = new URL(url);
    proxy = await startProxy(Number(through.port));
    through.port = String(proxy.port);
    return through.href;
  });
});
afterAll(async () => {
  await api.stop();
  proxy.close();
});

/** Each request comes with a connection of its own. */
async function ask({ path, ...sent }: Sent, program = api.program): Promise<{ answer: Received; pid: number }> {
  const id = randomUUID();
  const headers = { 'x-request-id': id };
  const answer = await send(program.url, { ...sent, path: PREFIX + path, headers });
  await until(() => program.output().includes(id));
  const log = program.output();
  const line = log.slice(log.lastIndexOf('\n', log.indexOf(id)));
  return { answer, pid: Number(/"pid":(\d+)/.exec(line)![1]) };
}

/** The processes that answer now. */
async function pids(program = api.program): Promise<Set<number>> {
  const answered = await Promise.all(Array.from({ length: 12 }, () => ask({ path: '/users/nobody' }, program)));
  for (const { answer } of answered) expect(answer.status).toBe(404);
  return new Set(answered.map(({ pid }) => pid));
}

/** The one that has run longest. */
const oldest = async () => Math.min(...(await pids()));

/** How long each restart so far has waited. */
const waits = () => [...api.program.output().matchAll(/"milliseconds":(\d+)/g)].map(([, wait]) => Number(wait));

const untilBothAnswer = () =>
  until(async () => {
    await sleep(200);
    return (await pids()).size === 2;
  }, 45_000);

/** Ends a process; a connection that was on its way to it when the others had not noticed would be lost. */
async function kill(pid: number): Promise<void> {
  const known = waits().length;
  process.kill(pid, 'SIGKILL');
  await until(() => waits().length > known);
}

test('two processes answer on one port, and write one log', async () => {
  expect((await pids()).size).toBe(2);
  for (const line of api.program.output().trimEnd().split('\n'))
    expect(line).toMatch(/^({.*"pid":\d+.*}|api could.*)$/);
});

test('what one has cached, it forgets when the other changes it', async () => {
  const user = await api.signUp();
  const path = `/users/${user.username}`;
  const writers = new Set<number>();
  for (let round = 1; round <= 8; round++) {
    // Both have it in memory.
    await Promise.all(Array.from({ length: 6 }, () => ask({ path })));
    const name = `Name ${round}`;
    const { answer, pid } = await ask({ method: 'PATCH', path, token: user.token, body: { name } });
    expect(answer.status).toBe(200);
    writers.add(pid);
    const isSeenBy = async (names = new Map<number, string>()) => {
      for (let i = 0; i < 6; i++) {
        const read = await ask({ path });
        names.set(read.pid, (JSON.parse(read.answer.text) as { name: string }).name);
      }
      expect(names.get(pid) ?? name).toBe(name);
      return names.size === 2 && [...names.values()].every((one) => one === name);
    };
    await until(() => isSeenBy());
  }
  expect(writers.size).toBe(2);
});

test('a process that is killed is replaced, ever later if that ends soon too, and the other answers meanwhile', async () => {
  const before = await pids();
  const [victim] = before;
  await kill(victim!);
  for (let i = 0; i < 5; i++) expect((await ask({ path: '/users' })).answer.status).toBe(200);
  await untilBothAnswer();
  const after = await pids();
  expect(after).not.toContain(victim);
  const others = [...after].filter((pid) => !before.has(pid));
  expect(others).toHaveLength(1);
  await kill(others[0]!);
  const [first, second] = waits().slice(-2);
  expect(second).toBe(2 * first!);
  await untilBothAnswer();
});

const probe = (path: string) => send(`http://127.0.0.1:${metricsPort}`, { path });

test('the port for metrics shows those of all processes together', async () => {
  const asked = async () => {
    const { text } = await probe('/metrics');
    return Number(/_count{method="GET",route="\/api\/v1\/users\/:username",status="404"} (\d+)/.exec(text)?.[1] ?? 0);
  };
  const before = await asked();
  expect((await pids()).size).toBe(2);
  await until(async () => (await asked()) === before + 12);
  expect((await probe('/health/live')).text).toBe('{"status":"ok"}');
  expect((await probe('/health/ready')).status).toBe(200);
});

test('metrics are also shown while a process waits for the database', async () => {
  const victim = await oldest();
  proxy.become('gone');
  await kill(victim);
  await until(() => api.program.output().includes('waiting for the database'));
  const { status, text } = await probe('/metrics');
  proxy.become('open');
  expect({ status, text }).toEqual({ status: 200, text: expect.stringMatching(/^process_cpu_seconds_total /m) });
  await untilBothAnswer();
});

test('metrics are refused, and the log says why, while a process does nothing', async () => {
  const victim = await oldest();
  process.kill(victim, 'SIGSTOP');
  const { status, headers } = await probe('/metrics');
  process.kill(victim, 'SIGCONT');
  expect([status, headers['retry-after']]).toEqual([503, '1']);
  const said = () =>
    api.program
      .output()
      .split('\n')
      .find((line) => line.includes('metrics could not be collected'));
  await until(() => said() !== undefined);
  expect(JSON.parse(said()!)).toMatchObject({ level: 40, name: 'api' });
});

test('a process that cannot start is tried again, ever less often, until it can', async () => {
  const victim = await oldest();
  await allowConnections(false);
  await kill(victim);
  const known = waits().length;
  try {
    await until(() => waits().length === known + 2);
  } finally {
    await allowConnections(true);
  }
  const [first, ...others] = waits().slice(-3);
  expect(others).toEqual([2 * first!, 4 * first!]);
  await untilBothAnswer();
});

/** Whether the database takes new connections; those that exist stay. */
async function allowConnections(isAllowed: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TEST_SERVER_URL });
  await client.connect();
  await client.query(`ALTER DATABASE ${new URL(api.database.url).pathname.slice(1)} ALLOW_CONNECTIONS ${isAllowed}`);
  await client.end();
}

test('a signal to all processes at once, as Ctrl-C sends it, lets requests in flight finish', async () => {
  const own = await start('main', { ...api.env, METRICS_PORT: undefined });
  const running = [...(await pids(own))];
  expect(running).toHaveLength(2);
  const release = await holdLocks(api.database, 'LOCK TABLE "user" IN ACCESS EXCLUSIVE MODE');
  const requests = [1, 2, 3, 4].map((id) => send(own.url, { path: `${PREFIX}/users/nobody${id}` }));
  await until(async () => (await waitingForLocks(api.database)) === 4);
  for (const pid of running) process.kill(pid, 'SIGINT');
  const stopped = own.stop('SIGINT');
  await until(() => isRefused(own.url));
  await release();
  expect((await Promise.all(requests)).map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  expect(await Promise.race([stopped, sleep(STOP_MILLISECONDS, 'still running', { ref: false })])).toBe(0);
  for (const pid of running) expect(isAlive(pid)).toBe(false);
});

test('a cluster that is stopped while it starts lets requests in flight finish', async () => {
  const PORT = String(await freePort());
  const url = `http://127.0.0.1:${PORT}`;
  const lateSecond = `import cluster from 'node:cluster';
    if (cluster.worker?.id === 2) await new Promise((done) => setTimeout(done, 60_000));`;
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(lateSecond)}`;
  const own = begin('main', { ...api.env, METRICS_PORT: undefined, PORT, NODE_OPTIONS });
  await until(async () => !(await isRefused(url)));
  const release = await holdLocks(api.database, 'LOCK TABLE "user" IN ACCESS EXCLUSIVE MODE');
  const request = send(url, { path: `${PREFIX}/users/nobody` });
  await until(async () => (await waitingForLocks(api.database)) === 1);
  const stopped = own.stop();
  await until(() => isRefused(url));
  await release();
  expect((await request).status).toBe(404);
  expect(await stopped).toBe(0);
});
