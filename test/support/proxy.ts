/** Stands between programs and their Redis or PostgreSQL, and gets in the way. */
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const HOST = '127.0.0.1';
const SLOW_MILLISECONDS = 2_000;

/** Everything passes; nobody is let in; everybody is let in and nothing passes; everything passes late. */
export type Way = 'open' | 'gone' | 'silent' | 'slow';

export interface TcpProxy {
  port: number;
  /** How many have not been let in so far. */
  turnedAway(): number;
  become(way: Way): void;
  close(): void;
}

export async function startProxy(farPort: number): Promise<TcpProxy> {
  let way: Way = 'open';
  let turnedAway = 0;
  let changed = () => {};
  let change = new Promise<void>((done) => (changed = done));
  const sockets = new Set<Socket>();
  const passes = () => (way === 'silent' ? change : way === 'slow' ? sleep(SLOW_MILLISECONDS) : undefined);

  const server = createServer((near) => {
    if (way === 'gone') {
      turnedAway++;
      near.destroy();
      return;
    }
    const far = connect(farPort, HOST);
    sockets.add(near);
    let last: Promise<unknown> = Promise.resolve();
    near.on('data', (sent) => {
      const due = passes();
      last = last.then(() => due).then(() => far.destroyed || far.write(sent));
    });
    far.pipe(near);
    near.on('error', () => near.destroy()).on('close', () => far.destroy() && sockets.delete(near));
    far.on('error', () => far.destroy()).on('close', () => near.destroy());
  });
  await new Promise<void>((done) => server.listen(0, HOST, done));
  const hangUp = () => sockets.forEach((socket) => socket.destroy());

  return {
    port: (server.address() as { port: number }).port,
    turnedAway: () => turnedAway,
    become(next) {
      way = next;
      if (way === 'gone') hangUp();
      changed();
      change = new Promise<void>((done) => (changed = done));
    },
    close() {
      server.close();
      hangUp();
    },
  };
}
