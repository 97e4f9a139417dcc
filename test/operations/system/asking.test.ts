/** `npm run generate -- domain` and `npx nest generate domain` on a terminal, which they ask on. */
import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { Clone } from '../../support/clone.js';

let clone: Clone;
beforeAll(() => {
  clone = new Clone();
});
afterAll(() => clone.remove());

/** Runs a command on a terminal of its own, and answers its questions in turn; the input ends with the answers. */
async function onTerminal(command: string, answers: string[]): Promise<{ status: number | null; lines: string[] }> {
  const { PATH, HOME } = process.env;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: clone.folder,
    env: { PATH, HOME, TERM: 'dumb' },
  });
  const left = [...answers];
  let [output, read] = ['', 0];
  child.stdout.on('data', (data) => {
    output += String(data);
    if (!stripVTControlCharacters(output.slice(read)).endsWith(': ')) return;
    read = output.length;
    const next = left.shift();
    child.stdin.write(next === undefined ? '\u{4}' : `${next}\r`);
  });
  const status = await new Promise<number | null>((done) => child.once('close', done));
  return { status, lines: stripVTControlCharacters(output).split(/[\r\n]+/) };
}

const ANSWERS = ['a b', 'notes', 'price:money', 'title:text:1..80 size:integer', 'body:text:optional', ''];

test('what is not said is asked for, and what is refused is asked again', async () => {
  const answers = [...ANSWERS, 'maybe', 'y', '', 'n', 'y', '', 'scroll', 'cursor', 'colour', 'size', 'title, size', ''];
  const { status, lines } = await onTerminal('npm run --silent generate -- domain --dry-run', answers);
  expect({ status, lines }).toEqual({ status: 0, lines: expect.arrayContaining([expect.stringMatching(/^create /)]) });
  const told = [
    expect.stringMatching(/^a b is no name of a domain/),
    expect.stringMatching(/^price: there is no type money/),
    'Answer y or n',
    '--list takes page or cursor, not scroll',
    '--filter names colour, which is no field',
    'This is: npm run generate -- domain notes title:text:1..80 size:integer body:text:optional --owner user --admin --list cursor --filter size --sort title,size',
    'create src/notes/note.entity.ts',
  ];
  for (const line of told) expect(lines).toContainEqual(line);
  expect(lines.filter((line) => line.startsWith('Name of the domain'))).toHaveLength(2);
});

test('nest generate asks as well, and takes defaults', async () => {
  const { status, lines } = await onTerminal('npx nest generate domain gizmos --dry-run', Array(10).fill(''));
  expect({ status, lines }).toMatchObject({ status: 0 });
  expect(lines).toContain('This is: npm run generate -- domain gizmos');
  expect(lines).toContain('create src/gizmos/gizmo.entity.ts');
  expect(lines.join()).not.toContain('Name of the domain');
});

test('nothing is written if the answers end', async () => {
  const { status, lines } = await onTerminal('npm run --silent generate -- domain', ['notes', 'title']);
  expect({ status, lines }).toMatchObject({ status: 1 });
  expect(lines).toContain('Nothing was written.');
  expect(clone.git('status', '--porcelain')).toBe('');
});

test('a domain of which the fields are given is not asked about', async () => {
  const { status, lines } = await onTerminal('npm run --silent generate -- domain notes title --dry-run', []);
  expect({ status, first: lines[0] }).toEqual({ status: 0, first: 'create src/notes/note.entity.ts' });
});
