import { once } from 'node:events';
import { rmSync } from 'node:fs';

export default async function tearDown() {
  const { postgres, replica, folder, apis } = globalThis.testServer;
  await Promise.all(
    apis.map(({ child }) => {
      child.kill();
      return child.exitCode ?? once(child, 'exit');
    }),
  );
  if (replica) await replica.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
