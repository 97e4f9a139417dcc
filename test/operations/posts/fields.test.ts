/** Posts, which were written by hand, take fields by command as well. */
import { Clone } from '../../support/clone.js';
import { createDatabase, SETTINGS, type TestDatabase } from '../../support/program.js';

const TIMEOUT = 300_000;
const FIELDS = ['subtitle:text:optional', 'slug:text:8..60:unique:optional', 'due_date:day:optional'];

let clone: Clone;
let database: TestDatabase;
beforeAll(async () => {
  clone = new Clone();
  database = await createDatabase();
});
afterAll(async () => {
  clone.remove();
  await database.drop();
});

const npm = (...args: string[]) =>
  clone.run('npm', ['run', '--silent', ...args], { ...SETTINGS, POSTGRES_URL: database.url });

test('a field that rows elsewhere would lack is refused', () => {
  const { status, output } = npm('generate', '--', 'field', 'posts', 'rank:integer');
  expect({ status, output }).toEqual({
    status: 1,
    output: 'Other databases may have rows in "post" without rank: make it optional\n',
  });
  expect(clone.git('status', '--porcelain')).toBe('');
});

test(
  'posts take optional fields, with their migration and tests',
  () => {
    expect(npm('generate', '--', 'field', 'posts', ...FIELDS)).toEqual({
      status: 0,
      output: expect.stringContaining('_add-post-subtitle-and-slug-and-due-date.ts'),
    });
    expect(npm('format:check')).toEqual({ status: 0, output: '' });
    expect(npm('typecheck')).toEqual({ status: 0, output: '' });
    expect(npm('migration:check').output).toContain('entities and migrations agree');
    const { status, output } = clone.run('npm', ['test', '--', 'test/posts/writing']);
    expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
  },
  TIMEOUT,
);
