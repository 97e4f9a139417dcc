/** Commands that rewrite many files can be taken back by `git checkout` only if nothing else has changed. */
import { spawnSync } from 'node:child_process';

/** What refuses a command that rewrites files, or undefined. */
export function uncommitted() {
  const { status, stdout } = spawnSync('git', ['status', '--porcelain'], { encoding: 'utf8' });
  if (status !== 0)
    return 'This is no git repository: nothing could be taken back. Use git init and commit, or --force';
  return stdout === '' ? undefined : 'There are changes that are not committed: commit them first, or use --force';
}

/** Ends the command with one line. */
export function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
