import { once } from 'node:events';
import { rmSync } from 'node:fs';

export default async function tearDown() {
  const { postgres, folder, apis } = globalThis.testServer;
  await Promise.all(
    apis.map(({ child }) => {
      child.kill();
      return child.exitCode ?? once(child, 'exit');
    }),
  );
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
