/** Whatever a module imports, the programs that have it still start. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, environment, finish, freePort, start, type TestDatabase } from '../support/program.js';

const IMPORTING = join(__dirname, '../support/importing.mjs');
const APP_MODULE = readFileSync(join(__dirname, '../../src/app.module.ts'), 'utf8');
/** What the API is assembled from, by file. */
const FILES = [...APP_MODULE.matchAll(/from '\.\/(.+\.module\.js)'/g)]
  .map(([, file]) => file!)
  .filter((file) => file !== 'foundation.module.js');

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const envOf = (program: string, imported: string) =>
  environment(database.url, { LAB_PROGRAM: program, LAB_IMPORTED: imported });

test('all domains of the API are among them', () => {
  expect(FILES).toEqual(expect.arrayContaining(['auth', 'tasks', 'users'].map((name) => `${name}/${name}.module.js`)));
});

test.each(FILES)('the worker starts and stops with %s', async (file) => {
  const worker = await start(IMPORTING, envOf('worker', file));
  expect(await worker.stop()).toBe(0);
});

test.each(FILES)('create-superuser does its work with %s', async (file) => {
  const { code, output } = await finish(IMPORTING, envOf('create-superuser', file));
  expect([code, output]).toEqual([0, expect.stringMatching(/^The superuser admin /)]);
});

test('create-superuser leaves METRICS_PORT to the API beside it', async () => {
  const METRICS_PORT = String(await freePort());
  const api = await start('main', environment(database.url, { METRICS_PORT }));
  expect((await finish('create-superuser', environment(database.url, { METRICS_PORT }))).code).toBe(0);
  expect(await api.stop()).toBe(0);
});
