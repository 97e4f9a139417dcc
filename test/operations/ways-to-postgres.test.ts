/** Ways to PostgreSQL: by TLS, with an authority of one's own, and by a socket. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, environment, finish, freePort, type Program, start } from '../support/program.js';

const POSTGRES = join(__dirname, '../support/postgres.mjs');

let folder: string;
let server: Program;
let port: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'api-ways-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  port = String(await freePort());
  // It has to have its folder, and so its owner, before it gets a key.
  const first = await start(POSTGRES, { PATH: process.env.PATH }, [data, port]);
  await first.stop();
  const { uid, gid } = statSync(data);
  mkdirSync(join(folder, 'socket'));
  certify('authority', ['-x509', '-subj', '/CN=Own authority']);
  certify('other', ['-x509', '-subj', '/CN=Other authority']);
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost');
  certify('server', ['-new', '-subj', '/CN=localhost']);
  const signed = ['-in', 'server.crt', '-CA', 'authority.crt', '-CAkey', 'authority.key', '-CAcreateserial'];
  openssl('x509', '-req', ...signed, '-extfile', 'names', '-days', '2', '-out', 'signed.crt');
  for (const file of ['server.key', 'signed.crt', 'socket']) chownSync(join(folder, file), uid, gid);
  chmodSync(join(folder, 'server.key'), 0o600);
  const tls = ['ssl=on', `ssl_cert_file=${join(folder, 'signed.crt')}`, `ssl_key_file=${join(folder, 'server.key')}`];
  const flags = [...tls, `unix_socket_directories=${join(folder, 'socket')}`];
  server = await start(POSTGRES, { PATH: process.env.PATH }, [data, port, ...flags]);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });

/** A key, and a certificate or a request for one. */
function certify(name: string, args: string[]): void {
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.crt`,
    ...args,
  );
}

const at = (host: string, query: string) =>
  `postgres://postgres:test@${host}:${port}/postgres?${query.replaceAll('FOLDER', encodeURIComponent(folder))}`;
const CA = 'sslrootcert=FOLDER%2Fauthority.crt';

/** Migrates, which uses every kind of connection but that of notifications. */
async function migrate(settings: Environment): Promise<{ code: number | null; output: string }> {
  return finish('migrate', { ...environment('x'), ...settings });
}

test.each<[string, () => Environment]>([
  ['sslmode=verify-full and sslrootcert', () => ({ POSTGRES_URL: at('localhost', `sslmode=verify-full&${CA}`) })],
  ['sslmode=require and sslrootcert', () => ({ POSTGRES_URL: at('localhost', `sslmode=require&${CA}`) })],
  [
    'sslmode=verify-full and NODE_EXTRA_CA_CERTS',
    () => ({
      POSTGRES_URL: at('localhost', 'sslmode=verify-full'),
      NODE_EXTRA_CA_CERTS: join(folder, 'authority.crt'),
    }),
  ],
  [
    'single variables, PGSSLMODE and NODE_EXTRA_CA_CERTS',
    () => ({
      POSTGRES_URL: undefined,
      POSTGRES_SERVER: 'localhost',
      POSTGRES_PORT: port,
      POSTGRES_PASSWORD: 'test',
      PGSSLMODE: 'verify-full',
      NODE_EXTRA_CA_CERTS: join(folder, 'authority.crt'),
    }),
  ],
  ['sslmode=no-verify, which believes everybody', () => ({ POSTGRES_URL: at('localhost', 'sslmode=no-verify') })],
  [
    'the folder of a socket in POSTGRES_SERVER',
    () => ({
      POSTGRES_URL: undefined,
      POSTGRES_SERVER: join(folder, 'socket'),
      POSTGRES_PORT: port,
      POSTGRES_PASSWORD: 'test',
    }),
  ],
  [
    'the folder of a socket in POSTGRES_URL',
    () => ({ POSTGRES_URL: at(encodeURIComponent(join(folder, 'socket')), '').replace('?', '') }),
  ],
])('%s leads there', async (_, settings) => {
  expect(await migrate(settings())).toMatchObject({ code: 0, output: expect.stringMatching(/up to date|ran /) });
});

test.each<[string, () => Environment, RegExp]>([
  ['an authority that nobody knows', () => ({ POSTGRES_URL: at('localhost', 'sslmode=require') }), /certificate/],
  [
    'another authority',
    () => ({ POSTGRES_URL: at('localhost', 'sslmode=verify-full&sslrootcert=FOLDER%2Fother.crt') }),
    /certificate/,
  ],
  ['another name', () => ({ POSTGRES_URL: at('127.0.0.1', `sslmode=verify-full&${CA}`) }), /IP|altnames/],
])('%s does not', async (_, settings, reason) => {
  const { code, output } = await migrate(settings());
  expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(reason) });
});

test('API and worker run, each of their connections encrypted', async () => {
  const env = environment(at('localhost', `sslmode=verify-full&${CA}`));
  const programs = await Promise.all([start('main', env), start('worker', env)]);
  expect((await fetch(`${programs[0].url}/health/ready`)).status).toBe(200);
  const { default: pg } = await import('pg');
  const ca = readFileSync(join(folder, 'authority.crt'), 'utf8');
  const client = new pg.Client({ connectionString: at('localhost', '').replace('?', ''), ssl: { ca } });
  await client.connect();
  const { rows } = await client.query<{ ssl: boolean }>(
    `SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE backend_type = 'client backend'`,
  );
  await client.end();
  expect(rows).toEqual([{ ssl: true }]);
  await Promise.all(programs.map((program) => program.stop()));
});
