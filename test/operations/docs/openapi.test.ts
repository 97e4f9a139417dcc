/** `npm run openapi`: the document in the repository, from the code alone. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Clone } from '../../support/clone.js';

const NOWHERE = { POSTGRES_URL: 'postgres://nobody@127.0.0.1:1/nothing', APP_NAME: 'Other', PUBLIC_PATH: '/other' };

let clone: Clone;
beforeAll(() => {
  clone = new Clone();
  writeFileSync(join(clone.folder, '.env'), 'APP_VERSION=9.9.9\n');
});
afterAll(() => clone.remove());

const openapi = (...args: string[]) => clone.run('npm', ['run', '--silent', 'openapi', '--', ...args], NOWHERE);

test('it is written without a database, the same whatever the settings are', () => {
  expect(openapi()).toEqual({ status: 0, output: '' });
  expect(clone.git('status', '--porcelain')).toBe('');
  expect(openapi('--check')).toEqual({ status: 0, output: '' });
});

test('one that is behind the code is told, and brought up to date', () => {
  const before = clone.read('openapi.json');
  appendFileSync(
    join(clone.folder, 'src/tasks/sample.task.ts'),
    `\n@Task('newer', SamplePayload, { public: true })\nexport class NewerTask extends SampleTask {}\n`,
  );
  expect(openapi('--check')).toEqual({ status: 1, output: 'openapi.json is behind the code: npm run openapi\n' });
  expect(clone.read('openapi.json')).toBe(before);
  expect(openapi()).toEqual({ status: 0, output: '' });
  expect(clone.read('openapi.json')).toContain('"newer": "#/components/schemas/NewerTaskCreate"');
  expect(openapi('--check').status).toBe(0);
});
