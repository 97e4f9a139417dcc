import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PASSWORD, PREFIX } from '../../support/api.js';
import { type Environment, environment, finish, type Program, start, until } from '../../support/program.js';
import { expectProblem, send, type Sent } from '../../support/raw.js';

const STOP_MILLISECONDS = 10_000;
const SCRIPT = join(__dirname, '../../support/postgres.mjs');

let folder: string;
let postgres: Program | undefined;
let port = 0;
let forwarder: Server;
let api: Program;
let worker: Program;
let token: string;
let env: Environment;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'api-outage-'));
  chmodSync(folder, 0o755);
  await startDatabase();
  // PostgreSQL comes back on another port; the programs know only the forwarder's.
  forwarder = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((done) => forwarder.listen(0, '127.0.0.1', done));
  const address = `127.0.0.1:${(forwarder.address() as { port: number }).port}`;
  env = environment(`postgres://postgres:test@${address}/postgres`);
  expect((await finish('migrate', env)).code).toBe(0);
  [api, worker] = await Promise.all([start('main', env), start('worker', env)]);
  const account = { name: 'Ada', username: 'ada', email: 'ada@example.com', password: PASSWORD };
  expect((await ask({ method: 'POST', path: '/users', body: account })).status).toBe(201);
  const login = await ask({ method: 'POST', path: '/auth/login', body: { username: 'ada', password: PASSWORD } });
  token = (JSON.parse(login.text) as { access_token: string }).access_token;
});

afterAll(async () => {
  await Promise.all([api?.stop(), worker?.stop()]);
  forwarder?.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (sent: Sent) => send(api.url, { token, ...sent, path: PREFIX + sent.path });

async function startDatabase(): Promise<void> {
  postgres = await start(SCRIPT, { PATH: process.env.PATH }, [join(folder, 'postgres')]);
  port = Number(new URL(postgres.url).port);
}

/** What is left of the server's other processes may hold its memory for a moment longer. */
async function restartDatabase(): Promise<void> {
  await postgres!.stop();
  await until(
    () =>
      startDatabase().then(
        () => true,
        () => false,
      ),
    15_000,
  );
}

function killDatabase(): void {
  process.kill(Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n', 1)[0]), 'SIGKILL');
}

const REQUESTS: Sent[] = [
  { path: '/users' },
  { path: '/users/ada' },
  { path: '/users/me' },
  { path: '/users/ada', method: 'PATCH', body: { name: 'Changed' } },
  { path: '/auth/login', method: 'POST', body: { username: 'ada', password: PASSWORD } },
  { path: '/users', method: 'POST', body: { name: 'X Y', username: 'x1', email: 'x@y.de', password: PASSWORD } },
  { path: '/tasks', method: 'POST', body: { name: 'sample', payload: { message: 'hello' } } },
  { path: '/tasks/1' },
];

test('while the database is gone requests answer 503, and all is well when it is back', async () => {
  for (let outage = 0; outage < 2; outage++) {
    expect((await ask({ path: '/users' })).status).toBe(200);
    killDatabase();
    await until(async () => (await ask({ path: '/users' })).status !== 200);
    const answers = await Promise.all([...REQUESTS, ...REQUESTS].map(ask));
    for (const answer of answers) {
      expectProblem(answer, 503, 'database_unavailable');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer.text).not.toMatch(/ECONN|127\.0\.0\.1|postgres/i);
    }
    // What needs no database goes on.
    expectProblem(await ask({ path: '/nope' }), 404, 'not_found');
    expectProblem(await ask({ path: '/users/me', token: 'nonsense' }), 401, 'not_signed_in');

    await restartDatabase();
    await until(async () => (await ask({ path: '/users' })).status === 200);
    expect((await ask({ path: '/users/me' })).status).toBe(200);
    expect((await ask({ path: '/users/ada', method: 'PATCH', body: { name: 'Back again' } })).status).toBe(200);
  }
});

test('the worker survives an outage and goes on with the next task', async () => {
  killDatabase();
  await until(async () => (await ask({ path: '/users' })).status === 503);
  await restartDatabase();
  await until(async () => (await ask({ path: '/users' })).status === 200);
  const body = { name: 'sample', payload: { message: 'hello', seconds: 0 } };
  const queued = await ask({ path: '/tasks', method: 'POST', body });
  expect(queued.status).toBe(202);
  const { id } = JSON.parse(queued.text) as { id: string };
  const state = async () => (JSON.parse((await ask({ path: `/tasks/${id}` })).text) as { status: string }).status;
  // A task whose fetch went wrong is given out again only once its lock has run out.
  await until(async () => (await state()) === 'completed', 75_000);
});

test('programs that have lived through an outage have nothing to confess and stop cleanly', async () => {
  const programs = await Promise.all([start('main', env), start('worker', env)]);
  killDatabase();
  await until(async () => (await ask({ path: '/users' })).status === 503);
  await restartDatabase();
  await until(async () => (await ask({ path: '/users' })).status === 200);
  for (const program of [api, worker, ...programs])
    expect(program.output()).not.toMatch(/"level":60|Unhandled|triggerUncaught/);
  const outcomes = programs.map((program) =>
    Promise.race([program.stop(), sleep(STOP_MILLISECONDS, 'still running', { ref: false })]),
  );
  const [ofApi, ofWorker] = await Promise.all(outcomes);
  await Promise.all(programs.map((program) => program.stop('SIGKILL')));
  expect({ api: ofApi, worker: ofWorker }).toEqual({ api: 0, worker: 0 });
});
