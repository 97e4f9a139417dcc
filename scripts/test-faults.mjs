/**
 * `npm run test:faults`: breaks the system in every way that it has to survive; `-- --long` breaks it more often, and
 * `-- database` only in the suites of that name.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

// Most suites wait for locks to run out, and may do so side by side. This one sends requests at a steady rate.
const ALONE = 'rolling';

ensureInstalled();
ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), 'api-faults-'));
const [report, results] = [join(folder, 'report'), join(folder, 'results.json')];
const env = { ...process.env, FAULTS_LONG: process.argv.includes('--long') ? '1' : '', FAULTS_REPORT: report };
writeFileSync(report, '');
const args = process.argv.slice(2).filter((arg) => arg !== '--long');
const hasNames = args.some((arg) => !arg.startsWith('-'));
const runs = (
  hasNames
    ? [args]
    : [
        [...args, `--testPathIgnorePatterns=${ALONE}`],
        [...args, ALONE],
      ]
).map(run);
process.stdout.write(readFileSync(report));
const [passed, failed] = ['passed', 'failed'].map((key) => runs.reduce((sum, one) => sum + one[key], 0));
process.stdout.write(`${passed} passed, ${failed} failed\n`);
rmSync(folder, { recursive: true });
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function run(given) {
  const jest = ['node_modules/jest/bin/jest.js', '--config=test/faults/jest.config.mjs'];
  writeFileSync(results, '');
  const { status } = spawnSync(process.execPath, [...jest, '--json', `--outputFile=${results}`, ...given], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
  const counts = countsOf();
  // A run that ended badly without counting a failure has failed all the same.
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** A run that did not get as far as its results counts as a failure. */
function countsOf() {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
