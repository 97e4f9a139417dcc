/** `npm run test:faults`: breaks the system in every way that tasks have to survive; `-- --long` breaks it more often. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), 'fast-nestjs-faults-'));
const [report, results] = [join(folder, 'report'), join(folder, 'results.json')];
writeFileSync(report, '');
const isLong = process.argv.includes('--long');
const args = process.argv.slice(2).filter((arg) => arg !== '--long');
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/jest/bin/jest.js',
    '--config=test/faults/jest.config.mjs',
    '--json',
    `--outputFile=${results}`,
    ...args,
  ],
  {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, FAULTS_LONG: isLong ? '1' : '', FAULTS_REPORT: report },
  },
);
process.stdout.write(readFileSync(report));
const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = resultsOf();
process.stdout.write(`${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed\n`);
rmSync(folder, { recursive: true });
process.exit(status === 0 && numPassedTests > 0 ? 0 : 1);

/** A run that did not get as far as its results counts as a failure. */
function resultsOf() {
  try {
    return JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, numRuntimeErrorTestSuites: 0 };
  }
}
