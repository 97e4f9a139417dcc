import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BODY_BYTES } from '../../http/requests/bodies.js';
import { networkOf } from '../ip-network.js';
import { ReceivingConfig } from './receiving.config.js';
import { ReceivingTooMuch, TooMuchUnsent } from './receiving.errors.js';

/**
 * Counts the bytes of large bodies from their announcement until their request is answered, by process and by address
 * (an IPv6 network of 64 bits): beyond a bound, no further body is read. Clients that send slowly or stop sending hold
 * as much as they announced. Bodies that any route takes are not counted: connections bound them.
 */
@Injectable()
export class Receiving {
  bytes = 0;
  /** How many bodies were not read, by the bound that they met. */
  readonly refused = { process: 0, address: 0 };
  private readonly networks = new Map<string, number>();

  constructor(private readonly config: ReceivingConfig) {}

  /** Call it before bodies are read. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('preParsing', (request, reply, payload, done) => {
      const bytes = announcedBy(request);
      if (bytes <= BODY_BYTES) return done(null, payload);
      const network = networkOf(request);
      const error = this.refusal(network, bytes);
      if (error) return done(error, payload);
      this.count(network, bytes);
      reply.raw.once('close', () => this.count(network, -bytes));
      done(null, payload);
    });
  }

  private refusal(network: string, bytes: number): Error | undefined {
    const { RECEIVING_MAX_BYTES, RECEIVING_MAX_BYTES_PER_ADDRESS } = this.config;
    if ((this.networks.get(network) ?? 0) + bytes > RECEIVING_MAX_BYTES_PER_ADDRESS) {
      this.refused.address++;
      return new TooMuchUnsent();
    }
    if (this.bytes + bytes <= RECEIVING_MAX_BYTES) return undefined;
    this.refused.process++;
    return new ReceivingTooMuch();
  }

  private count(network: string, bytes: number): void {
    this.bytes += bytes;
    const left = (this.networks.get(network) ?? 0) + bytes;
    if (left > 0) this.networks.set(network, left);
    else this.networks.delete(network);
  }
}

/** In bytes. A body that is too large is refused anyway; one of unknown length counts with all that it may have. */
function announcedBy({ headers, method, routeOptions: { bodyLimit } }: FastifyRequest): number {
  if (bodyLimit <= BODY_BYTES || method === 'GET' || method === 'HEAD') return 0;
  if (headers['transfer-encoding'] !== undefined) return bodyLimit;
  const length = Number(headers['content-length'] ?? 0);
  return length > bodyLimit ? 0 : length;
}
