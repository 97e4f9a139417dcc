/**
 * `npm run test:removals`: takes each domain that can be removed out of a clone of the last commit, and then all of them
 * while the clone is adopted, and runs there what a commit must pass. Names of domains choose among them.
 */
import { ensureInstalled } from './ensure-installed.mjs';
import { removable } from './remove/domain.mjs';
import { inClone } from './throw-away-clone.mjs';

ensureInstalled();
const chosen = process.argv.slice(2);
const domains = removable().filter((domain) => chosen.length === 0 || chosen.includes(domain));
// With what needs the domain.
const ways = domains.map((domain) => ['remove', '--', domain, '--with-dependents']);
if (chosen.length === 0) ways.push(['adopt', '--', 'my-api', '--without', domains.join()]);
let failed = 0;
for (const way of ways) {
  process.stdout.write(`== npm run ${way.join(' ')}\n`);
  if (!(await inClone((run) => run('npm', 'run', ...way) && run('npm', 'run', 'check')))) failed += 1;
}
process.stdout.write(`${ways.length - failed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
