import { normalizeIp } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { addressOf } from '../http/requests/client-address.js';

// A client with one IPv6 address has at least all addresses of this network.
const IPV6_NETWORK_BITS = 64;

/** What counts as one address: an address of IPv4, or a network of IPv6. */
export function networkOf(from: FastifyRequest | string): string {
  return normalizeIp(typeof from === 'string' ? from : addressOf(from), IPV6_NETWORK_BITS);
}
