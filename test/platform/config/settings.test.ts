/** What is refused before anything starts. */
import { type Environment, environment } from '../../support/program.js';
import { checkAll, type Outcome } from '../../support/checked-settings.js';

const STRONG = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const SOMEWHERE = 'postgres://postgres:x@127.0.0.1:1/x';

/** What an operator of a real system sets; `undefined` takes a variable away. */
function deployed(overrides: Environment = {}): Environment {
  return environment(SOMEWHERE, { ENVIRONMENT: 'production', SECRET_KEY: STRONG, BCRYPT_COST: '10', ...overrides });
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
function expectLines({ code, output }: Outcome, variables: string[]): void {
  const lines = output.trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/:.*/, '')).toSorted()).toEqual(variables.toSorted());
  for (const line of lines) expect(line).toMatch(/^[A-Z_]+: \S.{5,}/);
  expect(output).not.toContain('canary');
  expect(code).toBe(1);
}

const refused = REFUSED.map(([, overrides]) => deployed(overrides));
const outcomes = checkAll(
  [...WRONG.map((wrong) => environment(SOMEWHERE, wrong)), ...refused, deployed()].map((env) => ({ env })),
);

test.each(WRONG.map((wrong, index) => [wrong, outcomes[index]!] as const))(
  'the settings %j are refused',
  (wrong, outcome) => {
    expectLines(outcome, Object.keys(wrong));
  },
);

test.each(REFUSED.map(([when, , variables], index) => [when, variables, outcomes[WRONG.length + index]!] as const))(
  'a deployed system does not start %s',
  (_, variables, outcome) => {
    expectLines(outcome, variables);
  },
);

test('a deployed system starts when all is well', () => {
  expect(outcomes.at(-1)).toEqual({ code: 0, output: '' });
});
