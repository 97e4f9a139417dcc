/** Compiles the lab, which no image has, into the folder of the build, beside what it imports. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFile } from '@swc/core';

const ROOT = join(import.meta.dirname, '../..');
const LAB = join(ROOT, 'test/lab');
const BUILT = join(ROOT, 'dist/test/lab');

export async function buildLab() {
  const files = readdirSync(LAB, { recursive: true }).filter((file) => file.endsWith('.ts'));
  const built = await Promise.all(files.map((file) => build(file)));
  for (const file of readdirSync(BUILT, { recursive: true }).filter((name) => name.endsWith('.js'))) {
    if (!built.includes(file)) rmSync(join(BUILT, file));
  }
}

async function build(file) {
  const { code } = await transformFile(join(LAB, file), { configFile: join(ROOT, '.swcrc'), sourceMaps: 'inline' });
  const built = file.replace(/\.ts$/, '.js');
  const path = join(BUILT, built);
  mkdirSync(dirname(path), { recursive: true });
  // Programs of another run may be reading it.
  writeFileSync(`${path}.${process.pid}`, code);
  renameSync(`${path}.${process.pid}`, path);
  return built;
}

if (import.meta.filename === process.argv[1]) await buildLab();
