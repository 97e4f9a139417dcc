import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

interface Planned {
  refused?: string;
  /** The texts of the files that are written, by path. */
  files: Record<string, string>;
  /** What is added to others, each line after its path. */
  lines: string[];
}

/** What there is after each list of commands, such as `domain notes title:text` and `field notes body:text`. */
export function planAll(lists: string[][]): Planned[] {
  const args = ['test/support/print-plans.mjs', JSON.stringify(lists)];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1e8 });
  if (stderr) throw new Error(stderr);
  return JSON.parse(stdout) as Planned[];
}
