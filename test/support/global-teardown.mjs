import { once } from 'node:events';
import { rmSync } from 'node:fs';

export default async function tearDown() {
  const { postgres, replica, folder } = globalThis.testServer;
  await stopApis();
  await replica?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}

export function stopApis() {
  return Promise.all(
    globalThis.testServer.apis.map(({ child }) => {
      child.kill();
      return child.exitCode ?? once(child, 'exit');
    }),
  );
}
