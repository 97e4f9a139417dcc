/** Installs the git hooks of lefthook.yml, where there is a git checkout and the development packages are installed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const LEFTHOOK = 'node_modules/lefthook/bin/index.js';

if (existsSync('.git') && existsSync(LEFTHOOK)) spawnSync(process.execPath, [LEFTHOOK, 'install'], { stdio: 'ignore' });
