/** `npm run generate` and `npx nest generate`, from the command line to the database; what they write is in test/platform/system. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Clone } from '../../support/clone.js';
import { createDatabase, SETTINGS, type TestDatabase } from '../../support/program.js';

const TIMEOUT = 300_000;

let clone: Clone;
let database: TestDatabase;
beforeAll(async () => {
  clone = new Clone();
  database = await createDatabase();
});
afterEach(() => clone.reset());
afterAll(async () => {
  clone.remove();
  await database.drop();
});

const run = (command: string, ...args: string[]) =>
  clone.run(command, args, { ...SETTINGS, POSTGRES_URL: database.url });
const npm = (...args: string[]) => run('npm', 'run', '--silent', ...args);
const changed = () => clone.git('status', '--porcelain');

function succeeds(...args: string[]): string {
  const { status, output } = npm(...args);
  expect({ args, status, output: status === 0 ? '' : output }).toEqual({ args, status: 0, output: '' });
  return output;
}

test(
  'nest generate asks nothing where there is no terminal, and removal leaves nothing of it',
  () => {
    const { status, output } = run('npx', 'nest', 'generate', 'domain', 'notes', 'title:text:1..80 text:text:optional');
    expect({ status, output }).toEqual({ status: 0, output: expect.stringMatching(/^created src\/notes\//m) });
    expect(output).not.toContain('?');
    expect(clone.read('src/notes/notes.dto.ts')).toContain('text?: string | null;');
    expect(clone.read('openapi.json')).toContain('"operationId": "listNotes"');
    succeeds('openapi', '--', '--check');
    expect(succeeds('migration:check')).toContain('entities and migrations agree');
    succeeds('remove', '--', 'notes');
    expect(changed()).toBe('');
    expect(succeeds('migration:check')).toContain('entities and migrations agree');
  },
  TIMEOUT,
);

test("nest generate goes on to have Nest's own", () => {
  expect(run('npx', 'nest', 'generate', 'controller', 'gizmos', '--no-spec').status).toBe(0);
  expect(existsSync(join(clone.folder, 'src/gizmos/gizmos.controller.ts'))).toBe(true);
});

test('a dry run only tells', () => {
  const output = succeeds('generate', '--', 'domain', 'order-lines', 'amount:integer', '--owner', 'user', '--dry-run');
  expect(output.split('\n')).toEqual(
    expect.arrayContaining([
      'create src/order-lines/order-line.entity.ts',
      'change src/app.module.ts',
      'change docs/api.md',
      'change openapi.json',
      expect.stringMatching(/^create migrations\/[\d-]+_create-order-line\.ts$/),
    ]),
  );
  expect(changed()).toBe('');
});

test(
  'fields with their migration and a task are added to a domain, and removal leaves nothing of them',
  async () => {
    succeeds('generate', '--', 'domain', 'gizmos', 'name:text:1..80', '--cached');
    expect(succeeds('generate', '--', 'field', 'gizmos', 'size:integer', 'label:text:optional', '--dry-run')).toMatch(
      /^change src\/gizmos\/gizmo\.entity\.ts\n[^]*create migrations\/[\d-]+_add-gizmo-size-and-label\.ts\n$/,
    );
    const output = succeeds('generate', '--', 'field', 'gizmos', 'size:integer', 'label:text:optional');
    expect(output).toMatch(/^created migrations\/[\d-]+_add-gizmo-size-and-label\.ts$/m);
    expect(succeeds('migration:check')).toContain('entities and migrations agree');
    await database.query(`INSERT INTO gizmo (name, size) VALUES ('One', 1)`);
    const before = clone.git('ls-files', '--others', '--exclude-standard');
    const { status, output: refusal } = npm('generate', '--', 'field', 'gizmos', 'weight:decimal');
    expect({ status, refusal }).toEqual({
      status: 1,
      refusal: '"gizmo" has rows without weight: make it optional\nNothing was written.\n',
    });
    expect(clone.read('src/gizmos/gizmo.entity.ts')).not.toContain('weight');
    expect(clone.git('ls-files', '--others', '--exclude-standard')).toBe(before);
    succeeds('generate', '--', 'task', 'gizmos', 'recount');
    succeeds('openapi', '--', '--check');
    succeeds('remove', '--', 'gizmos');
    expect(changed()).toBe('');
  },
  TIMEOUT,
);

test.each([
  [['users'], /^user is a reserved word of SQL/],
  [['a b'], /^a b is no name of a domain/],
  [['../x'], /^\.\.\/x is no name of a domain/],
  [['gizmos', 'price:money'], /^price: there is no type money/],
])('%j is refused with one line, and nothing is written', (args, message) => {
  const { status, output } = npm('generate', '--', 'domain', ...args);
  expect({ status, output }).toEqual({ status: 1, output: expect.stringMatching(message) });
  expect(output).toMatch(/^[^\n]+\n$/);
  expect(changed()).toBe('');
});

test('one that fails halfway leaves nothing of its own, and all else', () => {
  const elsewhere = { ...SETTINGS, POSTGRES_URL: 'postgres://nobody@127.0.0.1:1/nothing' };
  mkdirSync(join(clone.folder, 'src/notes'));
  writeFileSync(join(clone.folder, 'src/notes/ideas.txt'), 'Ideas');
  const { status, output } = clone.run('npm', ['run', '--silent', 'generate', '--', 'domain', 'notes'], elsewhere);
  expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining('Nothing was written.') });
  expect(changed()).toBe('?? src/notes/\n');
  expect(clone.git('ls-files', '--others', 'src', 'test', 'migrations')).toBe('src/notes/ideas.txt\n');
});
