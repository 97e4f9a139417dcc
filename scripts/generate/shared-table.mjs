/** Whether another database may have rows of a table: whether the migration that creates it may have left this clone. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export function isShared(table) {
  const paths = readdirSync('migrations').map((file) => `migrations/${file}`);
  return paths.filter((path) => readFileSync(path, 'utf8').includes(`CREATE TABLE "${table}"`)).some(mayHaveLeft);
}

/** Without a remote, nobody knows where a commit has gone. */
function mayHaveLeft(path) {
  const commits = git('remote') === '' ? '--all' : '--remotes';
  return git('log', commits, '--format=%h', '-1', '--', path) !== '';
}

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
