/** The domain of "Adding a domain" has a green test, also with a migration by hand, and the other code of README and docs compiles. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT, type Sample, samples } from '../support/pages.js';
import { createDatabase, SETTINGS, type TestDatabase } from '../support/program.js';

const TIMEOUT = 300_000;
const COPIED =
  /^(?:src|migrations|scripts|test|package(?:-lock)?\.json|tsconfig\.json|nest-cli\.json|\.swcrc|\.prettierrc\.json|jest\.config\.mjs)$/;
const EXPORT = /^export (?:abstract )?(class|function|const|interface|type) (\w+)/gm;
const DECLARED = /(?:class|interface|const) (\w+)/g;
const PACKAGES = {
  '@nestjs/common': ['Body', 'Controller', 'Delete', 'Get', 'Module', 'Param', 'Patch', 'UseGuards'],
  typeorm: ['Column', 'Entity', 'Index'],
};

const all = samples();
// The domain on another database has packages of its own, and a suite: docs/mongodb.
const files = all.filter(({ file, page }) => file !== undefined && page !== 'docs/other-databases.md');
const parts = all.filter(({ language, mark }) => language === 'ts' && mark?.kind === 'in');
const typed = all.filter(({ language, mark }) => language === 'sh' && mark?.text === 'test/operations/samples.test.ts');

const folder = mkdtempSync(join(tmpdir(), 'api-samples-'));
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  for (const name of readdirSync(ROOT).filter((one) => COPIED.test(one)))
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, code } of files) write(file!, code);
  assemble('src/app.module.ts', 'NotesModule', './notes/notes.module.js');
  assemble('src/worker.module.ts', 'NotesTasksModule', './notes/notes.tasks.module.js');
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

function write(file: string, source: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), source);
}

/** Puts a module among the imports of another one. */
function assemble(file: string, name: string, path: string): void {
  const source = readFileSync(join(folder, file), 'utf8').replace(/imports: \[/, `imports: [${name}, `);
  write(file, `import { ${name} } from '${path}';\n${source}`);
}

/** A part in its context, with the imports of what is not declared there. */
function completed({ code, mark }: Sample, exported: Map<string, string>): string {
  const source = mark!.text.replace('…', () => code);
  const declared = new Set([...source.matchAll(DECLARED)].map(([, name]) => name!));
  const names = new Set([...source.matchAll(/\b[A-Za-z]\w+\b/g)].map(([name]) => name));
  const imports = [...names].filter((name) => !declared.has(name)).flatMap((name) => exported.get(name) ?? []);
  return `${imports.join('\n')}\n${source}`;
}

/** The import of each thing that the project, or a package, has. */
function exports(): Map<string, string> {
  const packages = Object.entries(PACKAGES).flatMap(([name, things]) =>
    things.map((thing) => [thing, `import { ${thing} } from '${name}';`] as const),
  );
  const paths = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' });
  const own = paths
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .flatMap((path) => {
      const found = [...readFileSync(join(folder, 'src', path), 'utf8').matchAll(EXPORT)];
      const from = `from '../${path.replace(/ts$/, 'js')}';`;
      return found.map(([, kind, name]) => {
        const type = kind === 'interface' || kind === 'type' ? 'type ' : '';
        return [name!, `import { ${type}${name} } ${from}`] as const;
      });
    });
  return new Map([...own, ...packages]);
}

function succeeds(command: string, args: string[]): void {
  const env = { ...SETTINGS, PATH: process.env.PATH, HOME: process.env.HOME, POSTGRES_URL: database.url };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
  expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, output: '' });
}

test(
  'every sample compiles',
  () => {
    const exported = exports();
    for (const [index, part] of parts.entries()) write(`src/samples/${index}.ts`, completed(part, exported));
    succeeds('node_modules/.bin/tsc', ['--noEmit', '--noUnusedLocals', 'false']);
    rmSync(join(folder, 'src/samples'), { recursive: true });
  },
  TIMEOUT,
);

test(
  'the commands of "Adding a domain" migrate the database and pass its test',
  () => {
    for (const { code } of typed) succeeds('sh', ['-euc', code]);
    succeeds('npm', ['test', '--', ...files.flatMap(({ file }) => (file!.endsWith('.test.ts') ? [file!] : []))]);
  },
  TIMEOUT,
);
