/** Which addresses of this machine a process listens on. */
import type { Server } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { AppConfig, isDeployed } from '../config/app.config.js';
import { settingsOf } from '../config/settings.js';
import { acceptMore, twinOf } from './accept-connections.js';

const LOOPBACK = ['127.0.0.1', '::1'];
// Each by itself: a socket for both would show 192.0.2.1 as ::ffff:192.0.2.1.
const EVERYWHERE = ['0.0.0.0', '::'];
const PAIRS: Record<string, string[]> = { localhost: LOOPBACK, '::': EVERYWHERE };

const LOCAL_NAME = /^(localhost\.?|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
const NO_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL']);

/**
 * `HOST`, if it is set; else loopback in local, so that a deployment that has forgotten `ENVIRONMENT` is out of reach
 * rather than open, and every address elsewhere. Of two, the second may be missing.
 */
export function listenHosts(): string[] {
  const { HOST } = settingsOf(AppConfig);
  if (HOST !== undefined) return PAIRS[HOST.toLowerCase()] ?? [HOST];
  return isDeployed() ? EVERYWHERE : LOOPBACK;
}

/**
 * Whether a `Host` header names what this process is for. On loopback by default, it is for this machine alone: the page
 * of another site gets there under a name of its own that leads here (DNS rebinding), which tells it from people.
 */
export function isOwnHost(host: string | undefined): boolean {
  return !isGuarded() || host === undefined || LOCAL_NAME.test(host);
}

/** Has a server listen on all `listenHosts`, on the same port; `begin` has it listen on the first. */
export async function listen(server: Server, begin: (host: string) => Promise<unknown>): Promise<void> {
  const [first, second] = listenHosts() as [string, string?];
  await begin(first);
  const other = second === undefined ? undefined : await listenToo(server, second);
  const twins = other ? [other] : [];
  closeTogether(server, twins);
  acceptMore(server, [server, ...twins], (twin) => {
    if (server.listening) twins.push(twin);
    else twin.close();
  });
}

/** Connections to the other address are served as if they had come to the first. */
async function listenToo(server: Server, host: string): Promise<NetServer | undefined> {
  const { port } = server.address() as AddressInfo;
  const twin = twinOf(server);
  try {
    await new Promise<void>((done, fail) => {
      twin.once('error', fail).listen({ port, host, ipv6Only: true }, done);
    });
    return twin;
  } catch (error) {
    if (NO_IPV6.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    server.close();
    throw error;
  }
}

/** A server has closed when it and its twins have no connections left. */
function closeTogether(server: Server, twins: NetServer[]): void {
  const close = server.close.bind(server);
  server.close = (done) => {
    let left = 1 + twins.length;
    const end = (error?: Error) => --left === 0 && done?.(error);
    for (const twin of twins) twin.close(() => end());
    return close(end);
  };
}

let guarded: boolean | undefined;

function isGuarded(): boolean {
  return (guarded ??= settingsOf(AppConfig).HOST === undefined && !isDeployed());
}
