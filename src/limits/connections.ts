import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { isAmong, plainAddress } from '../http/address.js';
import { HttpConfig } from '../http/http.config.js';
import { networkOf } from './network.js';
import { SendingConfig } from './sending.config.js';

/**
 * Closes a connection at once that is one too many: of this process, or of one address (an IPv6 network of 64 bits). The
 * connections of a proxy that `TRUST_PROXY` names are those of its clients, and only count for the process.
 */
@Injectable()
export class Connections {
  open = 0;
  /** How many were closed at once, by the bound that they met. */
  readonly refused = { process: 0, address: 0 };
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
