/** Commands that rewrite many files can be taken back by `git checkout` only if nothing else has changed. */
import { spawnSync } from 'node:child_process';

/**
 * What refuses a command that rewrites files, or undefined.
 * @param {Iterable<string>} domains where one of these has just been generated, what that has written may be there
 */
export function uncommitted(domains = []) {
  const { status, stdout } = spawnSync('git', ['status', '--porcelain'], { encoding: 'utf8' });
  if (status !== 0)
    return 'This is no git repository: nothing could be taken back. Use git init and commit, or --force';
  const paths = stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(3)]));
  const fresh = [...domains].filter((domain) => !isCommitted(`src/${domain}`));
  return paths.every((path) => isGenerated(path, fresh))
    ? undefined
    : 'There are changes that are not committed: commit them first, or use --force';
}

function isCommitted(path) {
  return spawnSync('git', ['cat-file', '-e', `HEAD:${path}`]).status === 0;
}

function isGenerated(path, domains) {
  if (domains.length === 0) return false;
  const isShared =
    /^(?:src\/(?:app|worker)\.module\.ts|docs\/(?:api|permissions|tasks)\.md|openapi\.json|migrations\/.*)$/.test(path);
  return isShared || domains.some((domain) => new RegExp(`^(?:src|test|test/operations)/${domain}/`).test(path));
}

/** Ends the command with one line. */
export function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
