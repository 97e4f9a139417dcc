/**
 * `npm run client`: makes dist/client, a package that is ready to be published, of openapi.json and tools/client. The name of
 * another folder may follow.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import { keyedPaths, withProblems } from './client/document.mjs';

const [folder = 'dist/client'] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const { name, version, license, engines } = read('package.json');
const document = read('openapi.json');
const called = `${name}-client`;

const sources = mkdtempSync(join(tmpdir(), 'api-client-'));
try {
  cpSync('tools/client', sources, { recursive: true });
  await generate();
  rmSync(folder, { recursive: true, force: true });
  compile();
  describe();
  process.stdout.write(`${folder} is ${called} ${version}\n`);
} finally {
  rmSync(sources, { recursive: true });
}

async function generate() {
  await createClient({
    input: withProblems(document),
    output: { path: join(sources, 'generated'), importFileExtension: '.js' },
    plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
    logs: { level: 'silent' },
  });
  const paths = `export const TAKES_KEY: RegExp[] = [${keyedPaths(document).join(', ')}];\n`;
  writeFileSync(join(sources, 'generated/takes-key.ts'), paths);
}

function compile() {
  const args = ['node_modules/typescript/bin/tsc', '--project', sources, '--rootDir', sources, '--outDir', folder];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error('The client does not compile');
}

/** What npm and readers are told of it. */
function describe() {
  const about = { name: called, version, description: `A client of ${document.info.title}`, license, engines };
  const own = { ...about, ...read('tools/client/package.json') };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
  const readme = readFileSync('tools/client/README.md', 'utf8');
  writeFileSync(join(folder, 'README.md'), readme.replaceAll('api-client', called));
  cpSync('LICENSE', join(folder, 'LICENSE'));
}
