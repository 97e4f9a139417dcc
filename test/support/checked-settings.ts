/** What programs say of their settings before they start, without starting any. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Environment } from './program.js';

const CHECK = join(__dirname, 'check-settings.mjs');

export interface Settings {
  env: Environment;
  /** A `.env` file, beside which the program starts. */
  file?: string | Buffer;
}

export interface Outcome {
  code: number;
  output: string;
}

/** Lets one process check them all, as each of them would have to load the packages. */
export function checkAll(all: Settings[]): Outcome[] {
  const cases = all.map(({ env, file = '' }) => ({ env, file: Buffer.from(file).toString('base64') }));
  const { stdout, stderr } = spawnSync(process.execPath, [CHECK], { input: JSON.stringify(cases), encoding: 'utf8' });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout) as Outcome[];
}
