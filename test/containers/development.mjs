/** The services of those who develop in containers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './stack.mjs';

const SOURCE = 'src/platform/health/readiness.ts';
const ALIVE = "json(200, { status: 'ok' })";

export async function development(stack) {
  await stack.compose('stop', 'web', 'worker');
  await stack.compose('build', 'tests');
  await stack.compose('run', '--rm', 'tests', 'npm', 'test', '--', 'test/users/profiles');
  try {
    await stack.compose('up', '-d', 'dev');
    await stack.ready();
    const source = join(stack.folder, SOURCE);
    writeFileSync(source, readFileSync(source, 'utf8').replace(ALIVE, ALIVE.replace('ok', 'changed')));
    await until(async () => (await textOf(`${stack.url}/health/live`)).includes('changed'), 60_000);
  } finally {
    await stack.compose('rm', '-s', '-f', 'dev');
  }
}

/** Empty while nobody answers. */
function textOf(url) {
  return fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    (answer) => answer.text(),
    () => '',
  );
}
