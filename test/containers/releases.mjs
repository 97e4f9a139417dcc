/** What a new release does to the one that runs. */
import assert from 'node:assert/strict';

const MIGRATION =
  "export class Fails4070908800000 { name = 'Fails4070908800000'; up = (runner) => runner.query('SELECT 1 / 0'); }";
const BAD = `USER root
RUN echo "${MIGRATION}" >dist/migrations/2099-01-01_fails.js
USER 1000:1000`;
const GOOD = 'LABEL release=good';

export async function releases(stack) {
  const before = await stack.inspect('web');
  try {
    await release(stack, 'bad', BAD);
    await assert.rejects(stack.up(), /division by zero/);
    const after = await stack.inspect('web');
    assert.deepEqual([after.Id, after.State.Pid], [before.Id, before.State.Pid]);
    await stack.ready();
    await release(stack, 'good', GOOD);
    await stack.up();
    for (const service of ['web', 'worker']) {
      assert.equal((await stack.inspect(service)).Config.Labels.release, 'good');
    }
  } finally {
    stack.env.IMAGE = stack.image;
  }
}

/** The image as it is, with some lines more in its Dockerfile. */
async function release(stack, tag, lines) {
  stack.env.IMAGE = `${stack.name}:${tag}`;
  await stack.run('docker', ['build', '-t', stack.env.IMAGE, '-'], `FROM ${stack.image}\n${lines}\n`);
}
