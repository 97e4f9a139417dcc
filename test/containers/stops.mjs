/** How the programs end. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './stack.mjs';

const LOAD = readFileSync(join(import.meta.dirname, 'load.mjs'));

export async function stopUnderLoad(stack) {
  const load = spawn('docker', [...stack.besideArgs, 'http://web:8000/api/v1/users'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  load.stdin.end(LOAD);
  let output = '';
  load.stdout.setEncoding('utf8').on('data', (part) => (output += part));
  const ended = new Promise((done) => load.once('close', done));
  await until(() => output.includes('loading') || load.exitCode !== null, 30_000);
  const begun = Date.now();
  await stack.compose('stop', 'web');
  const seconds = (Date.now() - begun) / 1000;
  await ended;
  const { answered, refused, lost } = JSON.parse(output.split('\n')[1]);
  process.stdout.write(
    `   stopped in ${seconds.toFixed(1)} s; ${answered} answered, ${refused} refused, ${lost.length} lost\n`,
  );
  assert.deepEqual(lost, []);
  assert.ok(answered > 500, 'there was no load');
  assert.ok(seconds < 30);
  assert.equal((await stack.inspect('web')).State.ExitCode, 0);
  await stack.compose('start', 'web');
  await stack.ready();
}

export async function workerStops(stack) {
  await stack.compose('stop', 'worker');
  assert.equal((await stack.inspect('worker')).State.ExitCode, 0);
}

/** The first process of a container is only sent the signals that it listens to. */
export async function stopsWhileWaiting(stack) {
  const settings = [`SECRET_KEY=${stack.settings.SECRET_KEY}`, 'POSTGRES_URL=postgres://app:n0-sample@127.0.0.1:1/app'];
  for (const entry of ['main', 'worker']) {
    const name = `${stack.name}-${entry}`;
    const env = settings.flatMap((setting) => ['-e', setting]);
    await stack.docker('run', '-d', '--name', name, ...env, stack.image, 'node', `dist/src/${entry}.js`);
    try {
      await until(async () => (await stack.docker('logs', name)).includes('waiting for the database'), 60_000);
      const begun = Date.now();
      await stack.docker('stop', '-t', '25', name);
      assert.ok(Date.now() - begun < 20_000, `${entry} had to be killed`);
    } finally {
      await stack.docker('rm', '-f', '-v', name);
    }
  }
}
