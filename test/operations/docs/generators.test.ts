/** What generators of clients and linters make of the document. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from '../../support/clone.js';
import { finish } from '../../support/program.js';
import { describeWith, hasProgram } from '../../support/programs.js';
import { npmTools, pythonTools } from '../../support/tools.js';

const INSTALL_MILLISECONDS = 300_000;
const GENERATORS = [
  '@hey-api/openapi-ts@0.95.0',
  'openapi-typescript@7.13.0',
  'orval@7.13.0',
  'axios@1.21.1',
  'zod@4.6.7',
];
const SPECTRAL = '@stoplight/spectral-cli@6.16.3';
const PYTHON = ['openapi-python-client==0.29.1', 'ruff==0.17.6'];
// It knows files by this type alone. Of two kinds of bodies that are files it writes code that cannot be imported, so that
// bare images, of which it warns, have to be sent in forms.
const FILES_OF_PYTHON = { content_type_overrides: { 'image/webp': 'application/octet-stream' } };
const UNSENT = 'Unsupported content type image/*';
const OPENAPI_GENERATOR = 'openapi-generator-cli==7.26.0';
const STRICT = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'esnext'].concat([
  '--moduleResolution',
  'bundler',
  '--lib',
  'es2022,dom,dom.iterable',
]);

const VARIANTS: [name: string, settings: Record<string, string>, info: object][] = [
  ['without contact, under a licence that tools know', {}, { license: { name: 'MIT', identifier: 'MIT' } }],
  [
    'with contact, under a licence of its own',
    { CONTACT_NAME: 'Ada', CONTACT_EMAIL: 'ada@example.com', LICENSE_NAME: 'Our own, 2nd' },
    {
      contact: { name: 'Ada', email: 'ada@example.com' },
      license: { name: 'Our own, 2nd', identifier: 'LicenseRef-Our-own-2nd' },
    },
  ],
];

let npm: string;
beforeAll(() => {
  npm = npmTools(...GENERATORS);
}, INSTALL_MILLISECONDS);

/** What a tool says, which must end well. */
function run(command: string, args: string[], folder: string, PATH = process.env.PATH): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env: { PATH } });
  expect({ command, status, output: status === 0 ? '' : (stdout + stderr).slice(0, 2_000) }).toEqual({
    command,
    status: 0,
    output: '',
  });
  return stdout + stderr;
}

describe.each(VARIANTS)('%s', (_, settings, told) => {
  const folder = mkdtempSync(join(tmpdir(), 'api-clients-'));
  const document = join(folder, 'openapi.json');
  beforeAll(async () => {
    const { code, output } = await finish('openapi', { PATH: process.env.PATH, ...settings });
    expect(code).toBe(0);
    const { document: printed } = JSON.parse(output) as { document: { info: Record<string, unknown> } };
    const { title: _title, description: _description, version: _version, ...info } = printed.info;
    expect(info).toEqual(told);
    writeFileSync(document, JSON.stringify(printed));
    symlinkSync(join(npm, 'node_modules'), join(folder, 'node_modules'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const tool = (name: string, ...args: string[]) => run(join(npm, 'node_modules/.bin', name), args, folder);

  /** What has been written below a folder compiles as strictly as can be. */
  function compiles(name: string): void {
    const written = readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' });
    const files = written.filter((file) => file.endsWith('.ts')).map((file) => join(name, file));
    expect(files.length).toBeGreaterThan(0);
    run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...STRICT, ...files], folder);
  }

  test('@hey-api/openapi-ts', () => {
    const plugins = ['@hey-api/client-fetch', '@hey-api/sdk', '@hey-api/typescript', 'zod'];
    tool('openapi-ts', '-i', document, '-o', 'hey-api', '-p', ...plugins);
    compiles('hey-api');
  });

  test('openapi-typescript', () => {
    tool('openapi-typescript', document, '-o', 'openapi-typescript/schema.ts');
    compiles('openapi-typescript');
  });

  test.each(['fetch', 'zod'])('orval: %s', (client) => {
    const output = { client, target: join(folder, `orval-${client}/client.ts`) };
    const config = join(folder, `${client}.config.cjs`);
    writeFileSync(config, `module.exports = ${JSON.stringify({ api: { input: document, output } })};`);
    tool('orval', '--config', config);
    compiles(`orval-${client}`);
  });

  describeWith('python3', hasProgram('python3'), 'in Python', () => {
    test('openapi-python-client', () => {
      const bin = join(pythonTools(...PYTHON), 'bin');
      const generate = [
        'generate',
        '--path',
        document,
        '--output-path',
        'client',
        '--meta',
        'none',
        '--config',
        'python.json',
      ];
      writeFileSync(join(folder, 'python.json'), JSON.stringify(FILES_OF_PYTHON));
      const said = run(join(bin, 'openapi-python-client'), generate, folder, [bin, process.env.PATH].join(delimiter));
      expect(said.split(/^WARNING /m).filter((one, index) => index > 0 && !one.includes(UNSENT))).toEqual([]);
      const modules =
        'import client, importlib, pkgutil\nfor one in pkgutil.walk_packages(client.__path__, "client."):';
      run(join(bin, 'python'), ['-c', `${modules} importlib.import_module(one.name)`], folder);
    });
  });

  describeWith('java, python3', hasProgram('java') && hasProgram('python3'), 'openapi-generator', () => {
    let cli: string;
    beforeAll(() => {
      cli = join(pythonTools(OPENAPI_GENERATOR), 'bin/openapi-generator-cli');
    });

    test('validate', () => void run(cli, ['validate', '-i', document], folder));

    test.each(['typescript-fetch', 'typescript-axios'])('%s', (name) => {
      run(cli, ['generate', '-i', document, '-g', name, '-o', name], folder);
      compiles(name);
    });
  });
});

test('spectral finds nothing but what its ruleset gives a reason for', () => {
  const spectral = join(npmTools(SPECTRAL), 'node_modules/.bin/spectral');
  run(spectral, ['lint', '--fail-severity=hint', join(ROOT, 'openapi.json')], ROOT);
});
