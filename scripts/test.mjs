/** `npm test`: installs and builds what is missing, then runs every suite; arguments go to Jest. */
import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
run('node_modules/@nestjs/cli/bin/nest.js', ['build']);
run('node_modules/jest/bin/jest.js', process.argv.slice(2));

function run(script, args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
