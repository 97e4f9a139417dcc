import { createServer } from 'node:net';

const LOOPBACK = ['127.0.0.1', '::1'];
const EVERYWHERE = ['0.0.0.0', '::'];

/**
 * A port of this machine that nobody listens on, for a program that does not say where it listens.
 * @param {number} [wanted] taken if it is free
 */
export async function freePort(wanted = 0) {
  const server = createServer();
  const error = await open(server, { host: '127.0.0.1', port: wanted });
  if (error) return freePort();
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Listens for a moment on all that a program would listen on; answers the error, or undefined when that worked. */
export async function listen(port, { HOST, ENVIRONMENT } = process.env) {
  const usual = (ENVIRONMENT || 'local') === 'local' ? LOOPBACK : EVERYWHERE;
  for (const host of HOST ? [HOST] : usual) {
    const server = createServer();
    const error = await open(server, { host, port, ipv6Only: host === '::' });
    // A machine may have no IPv6.
    if (error && (host !== usual[1] || error.code === 'EADDRINUSE')) return error;
    if (!error) await new Promise((done) => server.close(done));
  }
  return undefined;
}

function open(server, address) {
  return new Promise((done) => server.once('error', done).listen(address, done));
}
