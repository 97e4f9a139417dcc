/**
 * Lets a server accept several connections in one turn of the event loop. libuv accepts one for each handle in a turn
 * (since 1.45, libuv/libuv#3696): where turns are long, hundreds of connections of one client would keep all others
 * waiting for seconds. Node duplicates the handle of a socket only by sending it to a process, so a child that lives for
 * some milliseconds sends it back.
 */
import { fork, type SendHandle } from 'node:child_process';
import cluster from 'node:cluster';
import { createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const RETURN = fileURLToPath(new URL('./duplicate-sockets.js', import.meta.url));
const MORE_HANDLES = 15;
// While fewer are open, turns are short.
const MANY_CONNECTIONS = 8;

/**
 * Has the sockets of `listening` accept more at once as soon as `server` has many connections open. In a cluster the
 * primary accepts, which does nothing else.
 * @param take gets each further server, which listens already
 */
export function acceptMore(server: Server, listening: Server[], take: (twin: Server) => void): void {
  if (cluster.isWorker) return;
  let open = 0;
  server.on('connection', function count(socket: Socket) {
    socket.once('close', () => open--);
    if (++open < MANY_CONNECTIONS || !server.listening) return;
    server.off('connection', count);
    duplicate(listening, (handle) => take(twinOf(server).listen(handle)));
  });
}

/** A server whose connections are served as if they had come to another one. */
export function twinOf(server: Server): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket));
}

function duplicate(listening: Server[], take: (handle: SendHandle) => void): void {
  const child = fork(RETURN, { env: {}, execArgv: [], stdio: 'ignore' });
  const sent = listening.flatMap((server) => Array<SendHandle>(MORE_HANDLES).fill(handleOf(server)));
  let left = sent.length;
  child.on('message', (_, handle) => {
    take(handle);
    if (--left === 0) child.disconnect();
  });
  // Without it, one connection in a turn is accepted as before.
  child.on('error', () => undefined);
  for (const handle of sent) child.send('', handle, () => undefined);
}

/** Not the server itself, as which it would arrive: that accepts connections at once, and they would be lost. */
function handleOf(server: Server): SendHandle {
  return Reflect.get(server, '_handle') as SendHandle;
}
