/** The release that clients have been made for, and what its version promises them. */
import { spawnSync } from 'node:child_process';

const MOST_BYTES = 64 * 1024 * 1024;

/** The newest tag behind this commit that has the file, with its document; undefined if none has. */
export function lastRelease(file) {
  const tags = git('tag', '--merged', 'HEAD', '--sort=-creatordate')?.split('\n').filter(Boolean) ?? [];
  for (const name of tags) {
    const text = git('show', `${name}:${file}`);
    if (text !== undefined) return { name, document: JSON.parse(text) };
  }
  return undefined;
}

/** Whether clients expect that things break: the major version is another one, or before 1.0.0 the minor one. */
export function isAnnounced(old, next) {
  const [[major, minor], [nextMajor, nextMinor]] = [partsOf(old), partsOf(next)];
  return nextMajor > major || (major === 0 && nextMajor === 0 && nextMinor > minor);
}

const partsOf = (version) => version.replace(/^v/, '').split('.').map(Number);

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8', maxBuffer: MOST_BYTES });
  return status === 0 ? stdout : undefined;
}
