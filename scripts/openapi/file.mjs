/** What is written of the API with default settings, whatever those of this machine are: the document and a page. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ensureBuilt } from '../build.mjs';
import { pretty } from '../pretty.mjs';
import { permissionsPage } from './permissions.mjs';

/** openapi.json, and who may call which route. */
export const FILES = ['openapi.json', 'docs/permissions.md'];
const PROGRAM = 'dist/src/openapi.js';

/** Throws where there is none, as the code does not fit together. */
export async function writeDocument() {
  for (const [file, text] of await texts()) writeFileSync(file, text);
}

/** The files that do not say what the code says. */
export async function behind() {
  const isBehind = ([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text;
  return (await texts()).filter(isBehind).map(([file]) => file);
}

async function texts() {
  const { document, permissions } = described();
  const sources = [JSON.stringify(document), permissionsPage(document, permissions)];
  return Promise.all(FILES.map(async (file, index) => [file, await pretty(file, sources[index])]));
}

function described() {
  ensureBuilt();
  // In a folder without a .env.
  const options = { cwd: 'dist', env: { PATH: process.env.PATH }, encoding: 'utf8', maxBuffer: 2 ** 28 };
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(PROGRAM)], options);
  if (status !== 0) throw new Error(stderr.trim());
  return JSON.parse(stdout);
}
