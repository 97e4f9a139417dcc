/** What programs make of good and of bad settings when they start. */
import { createServer } from 'node:net';
import pg from 'pg';
import {
  createDatabase,
  type Environment,
  environment,
  finish,
  start,
  type TestDatabase,
} from '../../support/program.js';

const STRONG = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** What an operator of a real system sets; `undefined` takes a variable away. */
function deployed(overrides: Environment = {}): Environment {
  return environment(database.url, { ENVIRONMENT: 'production', SECRET_KEY: STRONG, BCRYPT_COST: '10', ...overrides });
}

const NOWHERE = 'postgres://postgres:x@127.0.0.1:1/x';

/** One line for each variable, beginning with its name, and nothing else. */
function expectLines({ code, output }: { code: number | null; output: string }, variables: string[]): void {
  const lines = output.trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/:.*/, '')).toSorted()).toEqual(variables.toSorted());
  for (const line of lines) expect(line).toMatch(/^[A-Z_]+: \S.{5,}/);
  expect(output).not.toContain('canary');
  expect(code).toBe(1);
}

test.each(['main', 'worker', 'migrate', 'create-superuser'])('%s does not start with wrong settings', async (entry) => {
  const wrong = { ENVIRONMENT: 'prod', POSTGRES_URL: 'nonsense' };
  expectLines(await finish(entry, deployed(wrong)), Object.keys(wrong));
});

test('a database may have any name that its URL can hold', async () => {
  const name = `test_${process.pid} 100% /&+,:;=$@[é]"\\`;
  await database.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  const { hostname, port, username, password } = new URL(database.url);
  const parts = {
    POSTGRES_SERVER: hostname,
    POSTGRES_PORT: port,
    POSTGRES_USER: username,
    POSTGRES_PASSWORD: password,
  };
  const env = environment(database.url, { ...parts, POSTGRES_URL: undefined, POSTGRES_DB: name });
  try {
    for (let time = 0; time < 2; time++) expect((await finish('migrate', env)).code).toBe(0);
    const program = await start('main', env);
    expect((await fetch(`${program.url}/health/ready`)).status).toBe(200);
    expect(await program.stop()).toBe(0);
  } finally {
    await database.query(`DROP DATABASE ${pg.escapeIdentifier(name)} WITH (FORCE)`);
  }
});

test('production starts when all is well, and an empty variable counts as unset', async () => {
  const program = await start('main', deployed({ ALGORITHM: '', CLIENT_CACHE_MAX_AGE: '', CONTACT_EMAIL: '' }));
  const answer = await fetch(`${program.url}/api/v1/users`);
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'public, max-age=60']);
  expect(await program.stop()).toBe(0);
});

/** Beside its log, which is JSON, a program that cannot start says one line to whoever started it. */
function expectOneLine({ code, output }: { code: number | null; output: string }, line: RegExp): void {
  const said = output.split('\n').filter((text) => text !== '' && !text.startsWith('{'));
  expect(said).toEqual([expect.stringMatching(line)]);
  expect(code).toBe(1);
}

test.each([
  ['main', 'PORT', {}],
  ['main', 'METRICS_PORT', {}],
  // Before its processes look for the database.
  ['main', 'METRICS_PORT', { WEB_CONCURRENCY: '2', POSTGRES_URL: NOWHERE }],
  ['worker', 'METRICS_PORT', {}],
])('%s says in one line that somebody else has its %s %j', async (entry, variable, settings) => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '0.0.0.0', done));
  const { port } = server.address() as { port: number };
  try {
    const outcome = await finish(entry, environment(database.url, { ...settings, [variable]: String(port) }));
    expectOneLine(outcome, new RegExp(`port ${port} is taken \\(${variable}\\)$`));
  } finally {
    await new Promise((done) => server.close(done));
  }
});

test.each(['main', 'worker', 'migrate', 'create-superuser'])(
  '%s says in one line that the database is down',
  async (entry) => {
    expectOneLine(await finish(entry, environment(NOWHERE)), /database.*POSTGRES_/);
  },
);

test.each([
  ['takes another password', (url: URL) => (url.password = 'canary-pw')],
  ['does not exist', (url: URL) => (url.pathname = '/nope')],
])('the API says in one line that the database %s', async (_, spoil) => {
  const url = new URL(database.url);
  spoil(url);
  const outcome = await finish('main', environment(url.href));
  expect(outcome.output).not.toContain('canary');
  expectOneLine(outcome, /database.*POSTGRES_/);
});
