/** What a failed test tells, and what runs leave behind. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../support/program.js';

const ROOT = join(__dirname, '../..');
const TIMEOUT = 120_000;
const PAGE_CHARACTERS = 8_000;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'api-failures-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the tests that fail as `npm test` runs the others, with a temporary directory of their own. */
function run(env: Environment = {}): {
  /** When it did not end by itself. */
  error?: Error;
  results: Map<string, string>;
  output: string;
} {
  const args = ['--testMatch=<rootDir>/test/support/failing/*.ts', '--json', '--maxWorkers=1'];
  const { error, stdout, stderr } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, TMPDIR: folder, ...env },
    encoding: 'utf8',
    timeout: TIMEOUT,
  });
  const [suite] = stdout ? (JSON.parse(stdout) as { testResults: Suite[] }).testResults : [];
  const tests = suite?.assertionResults.map(({ title, failureMessages }) => [title, failureMessages.join()] as const);
  return { error, results: new Map(tests), output: stderr };
}

interface Suite {
  assertionResults: { title: string; failureMessages: string[] }[];
}

/** Of the run; what packages unpack there for the next one is theirs. */
const folders = () => readdirSync(folder).filter((name) => name.startsWith('api-'));

/** Processes whose command line names the folder. */
function left(): string[] {
  const { stdout } = spawnSync('ps', ['-Ao', 'args='], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(folder));
}

test(
  'a failure tells the answers it got with their lines of the log, on a page',
  () => {
    const { error, results } = run();
    // Although a program was left.
    expect(error).toBeUndefined();
    expect(results.size).toBe(4);
    const agent = results.get('an agent gets another status');
    expect(agent).toMatch(/expected 201 "Created", got 422 "Unprocessable \w+"/);
    expect(agent).toMatch(
      /POST \/api\/v1\/users was answered with 422\n\{.*"code":"validation_failed".*\n\{"level".*422/,
    );
    const other = results.get('a request as it is gets another status');
    expect(other).toMatch(/Expected.*200/);
    expect(other).toMatch(
      /GET \/api\/v1\/users\/nobody was answered with 404\n\{.*"code":"user_not_found".*\n\{"level".*404/,
    );
    const long = results.get('long texts differ')!;
    expect(long).toMatch(/\d+ characters are left out/);
    expect(long.length).toBeLessThan(PAGE_CHARACTERS);
    expect([folders(), left()]).toEqual([[], []]);
  },
  TIMEOUT,
);

test(
  'a run that cannot begin leaves no server and no folder',
  () => {
    // What copies the first server for a replica of it.
    writeFileSync(join(folder, 'cp'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const { output } = run({ TEST_REPLICA: '1', PATH: `${folder}:${process.env.PATH}` });
    expect(output).toContain('Command failed: cp');
    expect([folders(), left()]).toEqual([[], []]);
  },
  TIMEOUT,
);
