/** `npm test`: installs and builds what is missing, then runs every suite; arguments go to Jest. */
import { spawnSync } from 'node:child_process';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
ensureBuilt();
// Each suite loads its modules anew, most of which are garbage when it ends: collecting it less often takes a fifth less.
const options = [process.env.NODE_OPTIONS, '--max-semi-space-size=64'].filter(Boolean).join(' ');
const { status } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', ...process.argv.slice(2)], {
  env: { ...process.env, NODE_OPTIONS: options },
  stdio: 'inherit',
});
process.exit(status ?? 1);
