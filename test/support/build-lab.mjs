/** Compiles the lab, which no image has, and the settings of tests into the folder of the build, beside what they import. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFile } from '@swc/core';

const ROOT = join(import.meta.dirname, '../..');
const TEST = join(ROOT, 'test');
const BUILT = join(ROOT, 'dist/test');

export async function buildLab() {
  const lab = readdirSync(join(TEST, 'lab'), { recursive: true }).filter((file) => file.endsWith('.ts'));
  const files = [...lab.map((file) => join('lab', file)), 'support/test.config.ts'];
  const built = await Promise.all(files.map((file) => build(file)));
  for (const file of readdirSync(BUILT, { recursive: true }).filter((name) => name.endsWith('.js'))) {
    if (!built.includes(file)) rmSync(join(BUILT, file));
  }
}

async function build(file) {
  const { code } = await transformFile(join(TEST, file), { configFile: join(ROOT, '.swcrc'), sourceMaps: 'inline' });
  const built = file.replace(/\.ts$/, '.js');
  const path = join(BUILT, built);
  mkdirSync(dirname(path), { recursive: true });
  // Programs of another run may be reading it.
  writeFileSync(`${path}.${process.pid}`, code);
  renameSync(`${path}.${process.pid}`, path);
  return built;
}

if (import.meta.filename === process.argv[1]) await buildLab();
