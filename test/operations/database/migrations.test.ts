import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, type Environment, environment, finish, type TestDatabase } from '../../support/program.js';

const COUNT = readdirSync(join(__dirname, '../../../migrations')).length;

const GENERATE = join(__dirname, '../../../scripts/new-migration.mjs');

let database: TestDatabase;
let env: Environment;
afterEach(() => database.drop());

/** Nothing but what PostgreSQL itself brings, or what the migrations have made of it. */
async function begin(template: 'template0' | 'template_test'): Promise<void> {
  database = await createDatabase(template);
  env = environment(database.url);
}

const migrate = (...args: string[]) => finish('migrate', env, args);

async function tables(): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** Everything in the schema that has a name of its own, and what the columns are. */
function schema(): Promise<object[]> {
  return database.query(
    `SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS what
       FROM information_schema.columns WHERE table_schema = 'public'
      UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace
      UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`,
  );
}

test('all migrations go up, all the way down and up again', async () => {
  await begin('template0');
  expect(await migrate()).toMatchObject({ code: 0, output: expect.stringMatching(/^ran \w+/) });
  const before = await schema();
  expect(await tables()).toEqual(expect.arrayContaining(['migration', 'task', 'user']));
  for (let reverted = 0; reverted < COUNT; reverted++) expect((await migrate('revert')).code).toBe(0);
  expect(await tables()).toEqual(['migration']);
  expect(await database.query('SELECT * FROM migration')).toEqual([]);
  const kinds = `SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typname !~ 'migration'
                 UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`;
  expect(await database.query(kinds)).toEqual([]);
  expect((await migrate('revert')).code).toBe(0);
  expect((await migrate()).code).toBe(0);
  expect(await schema()).toEqual(before);
});

test('migrating needs no SECRET_KEY', async () => {
  await begin('template_test');
  expect((await finish('migrate', { ...env, SECRET_KEY: undefined })).code).toBe(0);
});

test('migrating what is up to date changes nothing', async () => {
  await begin('template_test');
  const before = await schema();
  expect(await migrate()).toEqual({ code: 0, output: 'the schema is up to date\n' });
  expect(await schema()).toEqual(before);
});

test('the check fails on a single missing column', async () => {
  await begin('template_test');
  await database.query('ALTER TABLE "user" DROP COLUMN name');
  const { code, output } = await migrate('check');
  expect(code).toBe(1);
  expect(output).toMatch(/^entities and migrations disagree.*\n.*ADD "name"/);
});

test('the check says everything that is missing or too much', async () => {
  await begin('template_test');
  const drifts: [string, string][] = [
    ['ALTER TABLE task ADD COLUMN surprise text', 'DROP COLUMN "surprise"'],
    ['ALTER TABLE "user" ALTER COLUMN profile_image_url TYPE varchar(7)', 'character varying(2048)'],
    ['ALTER TABLE task ALTER COLUMN payload DROP NOT NULL', '"payload" SET NOT NULL'],
    ['DROP INDEX auth_session_user_id_id_idx', 'CREATE INDEX "auth_session_user_id_id_idx"'],
    ['ALTER TABLE task DROP CONSTRAINT task_owner_user_id_fkey', 'ADD CONSTRAINT "task_owner_user_id_fkey"'],
    ['ALTER TABLE "user" DROP CONSTRAINT user_email_key', 'ADD CONSTRAINT "user_email_key"'],
    ['ALTER TABLE "user" DROP CONSTRAINT user_email_check', 'ADD CONSTRAINT "user_email_check"'],
    ['ALTER TABLE "user" ALTER COLUMN is_superuser DROP DEFAULT', '"is_superuser" SET DEFAULT false'],
  ];
  for (const [drift] of drifts) await database.query(drift);
  const { code, output } = await migrate('check');
  expect(code).toBe(1);
  for (const [, missing] of drifts) expect(output).toContain(missing);
});

test('two migrations at once both succeed', async () => {
  await begin('template0');
  const results = await Promise.all([migrate(), migrate(), migrate()]);
  expect(results.map(({ code, output }) => (code === 0 ? 0 : output))).toEqual([0, 0, 0]);
  expect(results.filter(({ output }) => output.startsWith('ran '))).toHaveLength(1);
  expect(await database.query('SELECT name FROM migration')).toHaveLength(COUNT);
});

test('an unknown command is refused', async () => {
  await begin('template_test');
  expect(await migrate('sideways')).toEqual({
    code: 1,
    output: expect.stringMatching(/^There is no command sideways: /),
  });
});

test('a migration that fails is named with what to do, ends the run, and leaves the lock to the next', async () => {
  await begin('template0');
  await database.query('CREATE TABLE task ()');
  const { code, output } = await migrate();
  expect(code).toBe(1);
  const [first, statement, hint, ...more] = output.trim().split('\n');
  expect(first).toMatch(/^migrate failed: \w+\d+: relation "task" already exists$/);
  expect(statement).toMatch(/^ {2}in: CREATE TABLE "task" /);
  expect(hint).toMatch(/is there already, perhaps from another branch/);
  expect(more).toEqual([]);
  await database.query('DROP TABLE task');
  expect((await migrate()).code).toBe(0);
});

test('a migration that cannot be taken back is named with what to do', async () => {
  await begin('template_test');
  // Of one of them is the last migration.
  const all = (await tables()).filter((name) => name !== 'migration').map((name) => `"${name}"`);
  await database.query(`DROP TABLE ${all.join()} CASCADE`);
  const { code, output } = await migrate('revert');
  expect(code).toBe(1);
  expect(output).toMatch(
    /^migrate failed: \w+\d+: .*"\w+" does not exist\n {2}in: .*\n {2}What it changes is not there/,
  );
});

describe('on a database that has run migrations of another branch', () => {
  const AHEAD =
    /The database is ahead of the code\. It has run migrations that are not in migrations\/: AddTags1999999999999\./;

  beforeEach(async () => {
    await begin('template_test');
    await database.query('ALTER TABLE task ADD COLUMN tags text');
    await database.query(`INSERT INTO migration (timestamp, name) VALUES (1999999999999, 'AddTags1999999999999')`);
  });

  test('no migration is generated, which would drop what they have made', async () => {
    const { code, output } = await finish(GENERATE, env, ['drop-tags']);
    expect(code).toBe(1);
    expect(output).toMatch(AHEAD);
    expect(output).toMatch(/npm run migration:revert/);
  });

  test.each([
    ['run', 0],
    ['check', 1],
    ['revert', 1],
  ])('migrate %s says so, and changes nothing', async (command, expected) => {
    const before = await schema();
    const { code, output } = await migrate(command);
    expect([code, output]).toEqual([expected, expect.stringMatching(AHEAD)]);
    expect(await schema()).toEqual(before);
  });
});

test('no migration is generated on a database that is behind the code', async () => {
  await begin('template_test');
  await database.query('DELETE FROM migration WHERE id = (SELECT max(id) FROM migration)');
  expect(await finish(GENERATE, env, ['nothing'])).toEqual({
    code: 1,
    output: 'Some migrations have not run yet: npm run migration:run\n',
  });
});
