import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { isAmong, plainAddress } from '../http/requests/client-address.js';
import { HttpConfig } from '../http/http.config.js';
import { networkOf } from './ip-network.js';
import { SendingConfig } from './bytes/sending.config.js';

// Browsers and libraries wait for each response before the next request.
const MAX_AHEAD = 8;
// What the parser of Node takes for the end of HTTP on a connection.
const UPGRADED = 2;

/**
 * Closes a connection at once if there are too many, in this process or of one address (an IPv6 network of 64 bits). The
 * connections of a proxy that `TRUST_PROXY` names are those of its clients, and only count for the process.
 * Also closes one on which more than 8 requests wait for their answers (HTTP pipelining, RFC 9112, 9.3.2): Node reads 64
 * KiB of a connection in one turn, which may be two thousand requests, and nobody else is served meanwhile.
 */
@Injectable()
export class Connections {
  open = 0;
  /** How many were closed, by the bound that they met. */
  readonly refused = { process: 0, address: 0, pipelining: 0 };
  private readonly ahead = new WeakMap<Socket, number>();
  private readonly networks = new Map<string, number>();
  private readonly isProxy: (address: string) => boolean;

  constructor(
    private readonly config: SendingConfig,
    { proxies }: HttpConfig,
  ) {
    this.isProxy = isAmong(proxies);
  }

  /** Call it before the server listens. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.take(socket));
    const [serve] = server.listeners('request') as [RequestListener];
    server.removeListener('request', serve);
    server.on('request', (request, response) => {
      if (!this.admit(request)) return;
      response.once('close', () => this.countAhead(request.socket, -1));
      serve(request, response);
    });
  }

  private admit({ socket }: IncomingMessage): boolean {
    if (socket.destroyed) return false;
    if (this.countAhead(socket, 1) <= MAX_AHEAD) return true;
    this.refused.pipelining++;
    dropRest(socket);
    socket.destroy();
    return false;
  }

  private countAhead(socket: Socket, change: number): number {
    const ahead = (this.ahead.get(socket) ?? 0) + change;
    this.ahead.set(socket, ahead);
    return ahead;
  }

  private take(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress) ?? '';
    const network = this.isProxy(address) ? undefined : networkOf(address);
    const bound = this.boundMet(network);
    if (bound) {
      this.refused[bound]++;
      return void socket.destroy();
    }
    this.count(network, 1);
    socket.once('close', () => this.count(network, -1));
  }

  private boundMet(network?: string): 'process' | 'address' | undefined {
    const { CONNECTIONS_MAX, CONNECTIONS_MAX_PER_ADDRESS } = this.config;
    if (this.open >= CONNECTIONS_MAX) return 'process';
    if (network === undefined) return undefined;
    return (this.networks.get(network) ?? 0) >= CONNECTIONS_MAX_PER_ADDRESS ? 'address' : undefined;
  }

  private count(network: string | undefined, change: number): void {
    this.open += change;
    if (network === undefined) return;
    const open = (this.networks.get(network) ?? 0) + change;
    if (open > 0) this.networks.set(network, open);
    else this.networks.delete(network);
  }
}

/**
 * Has the parser stop, as if the connection spoke another protocol from now on: else it would make a request of each of the
 * thousands that one read may bring, and Node 20 a response and an error too. The property and its value are
 * undocumented (`lib/_http_server.js`); without them, they only cost more.
 */
function dropRest(socket: Socket & { parser?: { onIncoming: () => number } }): void {
  if (socket.parser) socket.parser.onIncoming = () => UPGRADED;
}
