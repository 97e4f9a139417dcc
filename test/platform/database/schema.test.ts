/** The schema that the migrations make, and that with those of the lab. */
import { LAB_MIGRATE, LAB_TEMPLATE } from '../../support/lab.js';
import { createDatabase, environment, finish, type TestDatabase } from '../../support/program.js';

describe.each([
  { of: 'the project', template: 'template_test', migrate: 'migrate' },
  { of: 'the lab', template: LAB_TEMPLATE, migrate: LAB_MIGRATE },
])('the schema of $of', ({ template, migrate }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase(template);
  });
  afterAll(() => database.drop());

  test('the check passes when entities and migrations agree', async () => {
    expect(await finish(migrate, environment(database.url), ['check'])).toEqual({
      code: 0,
      output: 'entities and migrations agree\n',
    });
  });

  test('constraints and indexes go by the names of the convention', async () => {
    const named = await database.query<{ table: string; columns: string; kind: string; name: string }>(
      `SELECT t.relname AS table, c.contype::text AS kind, c.conname AS name,
            (SELECT string_agg(attname, '_' ORDER BY place) FROM unnest(c.conkey) WITH ORDINALITY AS key(number, place)
               JOIN pg_attribute ON attrelid = t.oid AND attnum = number) AS columns
       FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
      WHERE c.connamespace = 'public'::regnamespace AND t.relname <> 'migration'
      UNION ALL
     SELECT t.relname, CASE WHEN x.indexprs IS NULL THEN 'i' ELSE 'e' END, i.relname,
            (SELECT string_agg(attname, '_' ORDER BY place) FROM unnest(x.indkey) WITH ORDINALITY AS key(number, place)
               JOIN pg_attribute ON attrelid = t.oid AND attnum = number)
       FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
      WHERE i.relnamespace = 'public'::regnamespace AND t.relname <> 'migration'
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid AND contype IN ('p', 'u'))`,
    );
    // PostgreSQL 18 lists NOT NULL among the constraints, by names of its own.
    const ours = named.filter(({ kind }) => kind !== 'n');
    expect(ours.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['p', 'u', 'f', 'c', 'i']));
    for (const { table, columns, kind, name } of ours) {
      const conventional: Record<string, string> = {
        p: `${table}_pkey`,
        u: `${table}_${columns}_key`,
        f: `${table}_${columns}_fkey`,
        i: `${table}_${columns}_idx`,
      };
      const said = { c: 'check', e: 'idx' }[kind];
      // What a check or an expression is about, its name says in a word.
      if (said) expect(name).toMatch(new RegExp(`^${table}_[a-z0-9_]+_${said}$`));
      else expect(name).toBe(conventional[kind]);
    }
  });

  test('tables and columns are named in lower snake case, instants end in _at and hold a time zone, days in _date', async () => {
    const columns = await database.query<{ table: string; name: string; type: string }>(
      `SELECT table_name AS table, column_name AS name, data_type AS type
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migration'`,
    );
    for (const { table, name, type } of columns) {
      expect(`${table}.${name}`).toMatch(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/);
      expect([name, type === 'timestamp with time zone']).toEqual([name, name.endsWith('_at')]);
      expect([name, type === 'date']).toEqual([name, name.endsWith('_date')]);
    }
  });
});
