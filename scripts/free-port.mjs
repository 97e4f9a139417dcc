import { createServer } from 'node:net';

/** A port of this machine that nobody listens on, for a program that does not say where it listens. */
export function freePort() {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
