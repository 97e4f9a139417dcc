/** Programs that suites run and that not every machine has. */
import { spawnSync } from 'node:child_process';

export function hasProgram(name: string, version = '--version'): boolean {
  return !spawnSync(name, [version]).error;
}

/**
 * Whether to leave out what needs something that is not there: `tell` is given a notice. With `TEST_ALL=1`, as in the
 * workflow, it fails instead.
 * @param needed what is or is not there, in words
 */
export function isLeftOut(what: string, needed: string, isThere: boolean, tell = toStandardError): boolean {
  if (isThere) return false;
  if (process.env.TEST_ALL === '1') throw new Error(`${what} cannot be tested, as there is no ${needed}`);
  tell(`SKIPPED: ${what}, as there is no ${needed}`);
  return true;
}

/** `describe` where there is what the suite needs. */
export function describeWith(needed: string, isThere: boolean, name: string, suite: () => void): void {
  (isLeftOut(name, needed, isThere) ? describe.skip : describe)(name, suite);
}

function toStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}
