/** Stands between a program and its database, and keeps an answer back. */
import { connect, createServer, type Socket } from 'node:net';

export interface HeldAnswers {
  /** The database by way of here. */
  url: string;
  /** Keeps back what is answered on the connection that asks next by a statement whose name begins so. */
  hold(statement: string): { held: Promise<void>; release: () => void };
  close(): void;
}

export async function holdAnswers(databaseUrl: string): Promise<HeldAnswers> {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let next: { statement: string; take: (far: Socket, near: Socket) => void } | undefined;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    sockets.add(near);
    near.on('data', (sent) => {
      if (next && sent.includes(next.statement)) next.take(far, near);
      far.write(sent);
    });
    far.pipe(near);
    near.on('error', () => near.destroy()).on('close', () => far.destroy() && sockets.delete(near));
    far.on('error', () => far.destroy()).on('close', () => near.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as { port: number }).port}`;

  return {
    url: url.href,
    hold(statement) {
      let release = () => {};
      const held = new Promise<void>((done) => {
        const take = (far: Socket, near: Socket) => {
          next = undefined;
          far.unpipe(near);
          // What the database answers waits here.
          far.once('readable', () => done());
          release = () => void far.pipe(near);
        };
        next = { statement, take };
      });
      return { held, release: () => release() };
    },
    close() {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    },
  };
}
