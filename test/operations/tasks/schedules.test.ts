import {
  createDatabase,
  environment,
  finish,
  type Program,
  start,
  type TestDatabase,
  until,
} from '../../support/program.js';
import { LAB_TEMPLATE, LAB_WORKER } from '../../support/lab.js';

const PATIENCE_MILLISECONDS = 20_000;
// Writes down each time that a schedule is found to have come.
const TRAIL = `
  CREATE TABLE lab_due (at timestamptz NOT NULL);
  CREATE FUNCTION lab_due() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO lab_due VALUES (new.last_due_at); RETURN new; END $$;
  CREATE TRIGGER lab_due AFTER UPDATE ON task_schedule FOR EACH ROW WHEN (new.name = 'lab_scheduled')
    EXECUTE FUNCTION lab_due()`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase(LAB_TEMPLATE);
  await database.query(TRAIL);
});
afterAll(() => database.drop());

const lab = (settings: object) => environment(database.url, { LAB_SCHEDULE: '* * * * * *', ...settings });

async function count(sql: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${sql}`);
  return row!.count;
}

const RUNS = `lab_run WHERE name = 'lab_scheduled'`;

async function moreRuns(some: number): Promise<void> {
  const before = await count(RUNS);
  await until(async () => (await count(RUNS)) >= before + some, PATIENCE_MILLISECONDS);
}

test('a scheduled task runs once each time, with three workers and across restarts', async () => {
  const workers: Program[] = await Promise.all([1, 2, 3].map(() => start(LAB_WORKER, lab({}))));
  try {
    await moreRuns(4);
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    const between = await count(RUNS);
    workers.push(await start(LAB_WORKER, lab({})));
    await moreRuns(3);
    expect(await count(RUNS)).toBeGreaterThanOrEqual(between + 3);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
  const [times, tasks] = [
    await count('(SELECT DISTINCT at FROM lab_due) AS times'),
    await count(`task WHERE name = 'lab_scheduled'`),
  ];
  expect(times).toBeGreaterThanOrEqual(7);
  expect(tasks).toBe(times);
  expect(await count('lab_due')).toBe(times);
  expect(await count(`(SELECT task_id FROM ${RUNS} GROUP BY task_id HAVING count(*) > 1) AS twice`)).toBe(0);
});

test.each([
  ['a schedule that cannot be read', { LAB_SCHEDULE: 'nonsense' }, /lab_scheduled is not a cron pattern: nonsense/],
  ['two tasks of one name', { LAB_TWIN: '1' }, /two tasks are named lab_urgent/],
])('a worker with %s does not start, and says why', async (_, settings, reason) => {
  const { code, output } = await finish(LAB_WORKER, lab(settings));
  const said = output.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  expect(said).toEqual([expect.stringMatching(reason)]);
  expect(code).toBe(1);
});
