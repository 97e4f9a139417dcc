/** Compiles the lab, which no image has, into the folder of the build, beside what it imports. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFile } from '@swc/core';

const ROOT = join(import.meta.dirname, '../..');
const LAB = join(ROOT, 'test/lab');
const BUILT = join(ROOT, 'dist/test/lab');

export async function buildLab() {
  rmSync(BUILT, { recursive: true, force: true });
  const files = readdirSync(LAB, { recursive: true }).filter((file) => file.endsWith('.ts'));
  await Promise.all(files.map((file) => build(file)));
}

async function build(file) {
  const { code } = await transformFile(join(LAB, file), { configFile: join(ROOT, '.swcrc'), sourceMaps: 'inline' });
  const built = join(BUILT, file.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(built), { recursive: true });
  writeFileSync(built, code);
}

if (import.meta.filename === process.argv[1]) await buildLab();
