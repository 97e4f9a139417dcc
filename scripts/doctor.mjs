/**
 * `npm run doctor`: looks at what the system needs where it runs, and says what to do where something is wrong. It changes
 * nothing. Its exit code is 1 when there is a problem.
 */
import { allSettings } from './check-settings.mjs';
import { warning, within } from './doctor/finding.mjs';
import { checkBuild, checkFolder, checkNode, checkPackages, checkPort, checkSettings } from './doctor/machine.mjs';
import { loadSettings, useRunning, wantsEmbedded } from './local-settings.mjs';

const INDENT = ' '.repeat(9);

await loadSettings({ keep: false });
const isEmbedded = wantsEmbedded();
const isRunning = isEmbedded && useRunning();
let hasProblem = false;

const canLoad = await tell({ Node: checkNode, Packages: checkPackages, Build: checkBuild });
await tell({
  Folder: () => checkFolder(isEmbedded),
  Port: () => checkPort('PORT', 8000),
  'Metrics port': () => checkPort('METRICS_PORT'),
});
// The rest is done with the packages and the settings of the program itself; to load them is no part of a check.
const settings = canLoad && (await allSettings());
if (canLoad && (await tell({ Settings: () => checkSettings({ isEmbedded, settings }) }))) {
  const { servicesOf } = await import('./doctor/services.mjs');
  await tell(servicesOf({ isEmbedded, isRunning }));
} else {
  await tell({ Services: () => warning('not checked', 'Solve the problems above first.') });
}
process.exit(hasProblem ? 1 : 0);

/** Makes checks at the same time and prints what they find, in their order. False when one finds a problem. */
async function tell(checks) {
  const findings = Object.entries(checks).map(([name, check]) => ({ name, found: within(check) }));
  let isWell = true;
  for (const { name, found } of findings) {
    const { status, text, remedy } = await found;
    process.stdout.write(`${status.padEnd(INDENT.length)}${name.padEnd(14)}${text}\n`);
    if (remedy) process.stdout.write(`${remedy.replace(/^/gm, `${INDENT}→ `)}\n`);
    if (status === 'problem') isWell = false;
  }
  hasProblem ||= !isWell;
  return isWell;
}
