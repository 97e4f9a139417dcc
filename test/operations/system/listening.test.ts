/** Where a process listens, and to which names it answers. */
import { networkInterfaces } from 'node:os';
import {
  createDatabase,
  type Environment,
  environment,
  freePort,
  type Program,
  start,
  type TestDatabase,
} from '../../support/program.js';
import { expectProblem, send } from '../../support/raw.js';

const PRODUCTION = {
  ENVIRONMENT: 'production',
  SECRET_KEY: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  BCRYPT_COST: '10',
};
const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
const hasIpv6 = addresses.some(({ address }) => address === '::1');
const outside = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
const PLACES = ['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : []), ...(outside ? [outside.address] : [])];

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** The places, of loopback and of the network, at which something answers on a port. */
async function answering(port: string): Promise<string[]> {
  const tries = PLACES.map((place) =>
    fetch(`http://${place}:${port}/health/live`).then(
      () => [place],
      () => [],
    ),
  );
  return (await Promise.all(tries)).flat();
}

const LOOPBACK = PLACES.filter((place) => place !== outside?.address);

test.each<[string, Environment, string[]]>([
  ['in local without HOST on loopback only', {}, LOOPBACK],
  ['in production on every address', { ...PRODUCTION }, PLACES],
  ['with HOST on that address', { HOST: '127.0.0.1' }, ['127.0.0.1']],
  ['with HOST localhost on loopback', { HOST: 'localhost' }, LOOPBACK],
  ['with HOST :: on every address, in local too', { HOST: '::' }, PLACES],
])('%s, its metrics as well', async (_, settings, expected) => {
  const METRICS_PORT = String(await freePort());
  const program = await start('main', environment(database.url, { HOST: undefined, METRICS_PORT, ...settings }));
  expect(await answering(new URL(program.url).port)).toEqual(expected);
  expect(await answering(METRICS_PORT)).toEqual(expected);
  const { status } = await send(program.url, { path: '/health/live', headers: { host: 'api.example.com' } });
  expect(status).toBe(expected === LOOPBACK && settings.HOST === undefined ? 421 : 200);
  expect(await program.stop()).toBe(0);
});

describe('in local without HOST', () => {
  let program: Program;
  let metricsPort: string;
  beforeAll(async () => {
    metricsPort = String(await freePort());
    const settings = { HOST: undefined, METRICS_PORT: metricsPort, KEEP_ALIVE_SECONDS: '7' };
    program = await start('main', environment(database.url, settings));
  });
  afterAll(() => program.stop());

  test('a connection is kept as long as KEEP_ALIVE_SECONDS says', async () => {
    const { headers } = await send(program.url, { path: '/health/live', headers: { connection: 'keep-alive' } });
    expect(headers['keep-alive']).toBe('timeout=7');
  });

  const at = (host: string, path = '/api/v1/users') => send(program.url, { path, headers: { host } });

  test.each(['localhost', 'LOCALHOST:8000', 'localhost.:1', '127.0.0.1', '127.0.0.1:8000', '[::1]', '[::1]:8000'])(
    'it answers to %s',
    async (host) => {
      expect((await at(host)).status).toBe(200);
    },
  );

  test.each([
    'evil.example.com',
    'localhost.evil.example.com',
    'evil-localhost',
    '127.0.0.1.evil.example.com',
    'localhost:8000@evil.example.com',
    '127.0.0.2',
    '0.0.0.0',
    '[::]',
    '192.0.2.1:8000',
  ])('a page that got there as %j is refused', async (host) => {
    for (const path of ['/api/v1/users', '/docs', '/openapi.json', '/admin/queues', '/health/live', '/nothing']) {
      expectProblem(await at(host, path), 421, 'other_host');
    }
    const metrics = await send(`http://127.0.0.1:${metricsPort}`, { path: '/metrics', headers: { host } });
    expect(metrics.status).toBe(404);
  });
});

(hasIpv6 ? test : test.skip)('a stop waits for what has come by IPv6 too', async () => {
  const settings = { HOST: 'localhost', SHUTDOWN_GRACE_SECONDS: '0' };
  const program = await start('main', environment(database.url, settings));
  const url = program.url.replace('127.0.0.1', '[::1]');
  const blocked = database.query(`BEGIN; LOCK TABLE "user"; SELECT pg_sleep(1.5); COMMIT`);
  const answer = fetch(`${url}/api/v1/users`);
  await new Promise((done) => setTimeout(done, 300));
  const stopped = program.stop();
  expect((await answer).status).toBe(200);
  expect(await stopped).toBe(0);
  await blocked;
});
