/** openapi.json: the document of the API with default settings, whatever those of this machine are. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ensureBuilt } from '../build.mjs';
import { pretty } from '../pretty.mjs';

export const FILE = 'openapi.json';
const PROGRAM = 'dist/src/openapi.js';

/** Throws where there is none, as the code does not fit together. */
export async function writeDocument() {
  writeFileSync(FILE, await pretty(FILE, documentText()));
}

/** Its format is that of any file. */
export function isBehind() {
  return !existsSync(FILE) || JSON.stringify(JSON.parse(readFileSync(FILE, 'utf8'))) !== documentText();
}

function documentText() {
  ensureBuilt();
  // In a folder without a .env.
  const options = { cwd: 'dist', env: { PATH: process.env.PATH }, encoding: 'utf8', maxBuffer: 2 ** 28 };
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(PROGRAM)], options);
  if (status !== 0) throw new Error(stderr.trim());
  return stdout;
}
