import { createServer } from 'node:net';
import { join } from 'node:path';
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

// What every program does first, without the rest of one.
const CHECK = join(__dirname, '../../../scripts/check-settings.mjs');

/** What an operator of a real system sets; `undefined` takes a variable away. */
function deployed(overrides: Environment = {}): Environment {
  return environment(database.url, { ENVIRONMENT: 'production', SECRET_KEY: STRONG, BCRYPT_COST: '10', ...overrides });
}

// Each value is wrong on its own account, so one start tells of all of a row.
const WRONG: Environment[] = [
  { PORT: 'abc', TRUST_PROXY: 'nonsense', WEB_CONCURRENCY: 'two', CACHE_ENABLED: 'maybe' },
  // Everybody would be believed.
  {
    TRUST_PROXY: '10.0.0.1, 0.0.0.0/0',
    WEB_CONCURRENCY: '0',
    REDIS_QUEUE_HOST: 'a host',
    REDIS_QUEUE_PORT: '0',
    REDIS_CACHE_URL: 'redis://me:canary@one/0,two/0',
    REDIS_QUEUE_URL: 'rediss-sentinel://me:canary@one:26379',
    METRICS_PORT: '70000',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
    OTEL_TRACES_SAMPLER_ARG: '2',
    POSTGRES_REPLICA_URLS: 'postgres://me:canary@replica/db, nonsense',
  },
  // What one reader of a URL takes for another name than the other does, or none can read.
  { POSTGRES_URL: 'postgres://me:canary%zz@localhost/db', POSTGRES_DB: 'what?' },
  { POSTGRES_URL: 'postgres://me:canary%C3%28@localhost/db', POSTGRES_DB: 'number#1' },
  { POSTGRES_URL: 'postgres://me:canary@localhost/one%2Ftwo' },
  { POSTGRES_URL: 'postgres://me:canary@localhost/%C3%28' },
  { POSTGRES_URL: 'postgres://me:canary@one,two/db' },
  { POSTGRES_REPLICA_URLS: 'postgres://me:canary@one/db, postgres://me:canary%@two/db' },
  {
    PORT: '70000',
    WEB_CONCURRENCY: '257',
    TRUST_PROXY: 'true',
    SECRET_KEY: 'canary'.repeat(5),
    ALGORITHM: 'none',
    ACCESS_TOKEN_EXPIRE_MINUTES: '0',
    POSTGRES_URL: 'nonsense',
    CLIENT_CACHE_MAX_AGE: '-1',
    LOG_LEVEL: 'loud',
    CORS_ORIGINS: 'https://app.example.com/path',
  },
  {
    PORT: '-1',
    WEB_CONCURRENCY: '-1',
    TRUST_PROXY: '1',
    SECRET_KEY: undefined,
    ALGORITHM: 'none',
    ACCESS_TOKEN_EXPIRE_MINUTES: '0.5',
    POSTGRES_URL: 'mysql://root:canary@localhost/db',
    POSTGRES_PORT: 'x',
    CLIENT_CACHE_MAX_AGE: 'long',
  },
  {
    PORT: '1.5',
    WEB_CONCURRENCY: '1.5',
    TRUST_PROXY: '10.0.0.0/33',
    SECRET_KEY: '',
    SECRET_KEY_PREVIOUS: 'canary',
    ACCESS_TOKEN_EXPIRE_MINUTES: 'soon',
    POSTGRES_URL: 'postgres://me:canary@localhost',
    POSTGRES_PORT: '0',
    BCRYPT_COST: '3',
    CONTACT_EMAIL: 'nobody',
    ADMIN_USERNAME: 'Boss',
    ADMIN_EMAIL: 'boss',
    ADMIN_NAME: 'B',
    ADMIN_PASSWORD: 'short',
  },
];

const NOWHERE = 'postgres://postgres:x@127.0.0.1:1/x';
const MONOTONOUS = 'x'.repeat(64);
const REFUSED: [string, Environment, string[]][] = [
  ['in an unknown environment', { ENVIRONMENT: 'prod' }, ['ENVIRONMENT']],
  [
    'without secret and database',
    { SECRET_KEY: undefined, POSTGRES_URL: undefined },
    ['POSTGRES_SERVER', 'SECRET_KEY'],
  ],
  ['without the file of its key', { ALGORITHM: 'RS256', PRIVATE_KEY_FILE: '/nowhere/key.pem' }, ['PRIVATE_KEY_FILE']],
  [
    'on a replica without a password',
    { POSTGRES_REPLICA_URLS: 'postgres://me:secret@one/db,postgres://me@two/db' },
    ['POSTGRES_REPLICA_URLS'],
  ],
  [
    'on samples in staging',
    {
      ENVIRONMENT: 'staging',
      SECRET_KEY: 'secret-key-0123456789-abcdefghijklmnop',
      SECRET_KEY_PREVIOUS: 'change-me-0123456789-abcdefghijklmnop',
      BCRYPT_COST: '4',
    },
    ['SECRET_KEY', 'SECRET_KEY_PREVIOUS', 'BCRYPT_COST'],
  ],
  [
    'on sample secrets and an empty database password',
    {
      SECRET_KEY: 'change-me-0123456789-abcdefghijklmnop',
      POSTGRES_URL: 'postgres://postgres@localhost:1/x',
      ADMIN_PASSWORD: '!Ch4ng3Th1sP4ssW0rd!',
    },
    ['SECRET_KEY', 'POSTGRES_PASSWORD', 'ADMIN_PASSWORD'],
  ],
  [
    'on monotonous secrets and no database password',
    {
      SECRET_KEY: MONOTONOUS,
      SECRET_KEY_PREVIOUS: 'y'.repeat(64),
      POSTGRES_URL: undefined,
      POSTGRES_SERVER: 'localhost',
    },
    ['SECRET_KEY', 'SECRET_KEY_PREVIOUS', 'POSTGRES_PASSWORD'],
  ],
];

/** One line for each variable, beginning with its name, and nothing else. */
function expectLines({ code, output }: { code: number | null; output: string }, variables: string[]): void {
  const lines = output.trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/:.*/, '')).toSorted()).toEqual(variables.toSorted());
  for (const line of lines) expect(line).toMatch(/^[A-Z_]+: \S.{5,}/);
  expect(output).not.toContain('canary');
  expect(code).toBe(1);
}

test.each(WRONG)('the settings %j are refused', async (wrong) => {
  expectLines(await finish(CHECK, environment(database.url, wrong)), Object.keys(wrong));
});

test.each(REFUSED)('a deployed system does not start %s', async (_, overrides, variables) => {
  expectLines(await finish(CHECK, deployed(overrides)), variables);
});

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
  const answer = await fetch(`${program.url}/api/v1/posts`);
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
