import { BlockList, isIP, isIPv4, SocketAddress } from 'node:net';
import type { FastifyRequest } from 'fastify';

const WITH_PORT = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/;
const MAPPED = /^::ffff:(?=[\d.]+$)/;

/**
 * The address that a request comes from, as limits, sessions and the audit trail know it: of the proxies that
 * `TRUST_PROXY` names the nearest that can tell where the request came from is believed, and else is the client itself.
 */
export function addressOf(request: FastifyRequest): string {
  // Fastify has the chain, from the peer to the first address that is not trusted, only where a proxy is.
  if (!request.ips) return plainAddress(request.ip) ?? 'unknown';
  return request.ips.map(plainAddress).findLast((address) => address !== undefined) ?? 'unknown';
}

/**
 * An address in its one spelling: without port, brackets and zone, IPv4 within IPv6 as IPv4, IPv6 as RFC 5952 has it.
 * Undefined for what is no address.
 */
export function plainAddress(text: string | undefined): string | undefined {
  if (text === undefined || isIPv4(text)) return text;
  const [, bracketed, dotted] = WITH_PORT.exec(text) ?? [];
  const address = (bracketed ?? dotted ?? text).split('%', 1)[0]!;
  if (isIP(address) !== 6) return isIPv4(address) && !bracketed ? address : undefined;
  return new SocketAddress({ family: 'ipv6', address }).address.replace(MAPPED, '');
}

/** Whether an address is of one of these addresses and networks, however it is spelled. */
export function isAmong(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address, prefix] = network.split('/') as [string, string?];
    const family = familyOf(address);
    list.addSubnet(address, Number(prefix ?? (family === 'ipv4' ? 32 : 128)), family);
  }
  return (text) => {
    const address = plainAddress(text);
    return address !== undefined && list.check(address, familyOf(address));
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
