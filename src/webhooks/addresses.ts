/** Which addresses webhooks may lead to: public ones, and those of networks that the operator allows. */
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
export type Network = [Address, bits: number];

// What is public of IPv6 at all (https://www.iana.org/assignments/ipv6-address-space). ipaddr.js knows what of it is not.
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];
// In there, as of ipaddr.js 2.5: documentation (RFC 9637), and the metadata of a cloud at a public address.
const NOT_PUBLIC = ['3fff::/20', '168.63.129.16/32'].map((text) => ipaddr.parseCIDR(text));

/** Undefined for what is no network. */
export function cidrOf(text: string): Network | undefined {
  return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : undefined;
}

/**
 * Whether a connection may go to an address. One of IPv6 that only stands for one of IPv4 (mapped, translated, tunnelled)
 * is judged as that, or not public at all.
 */
export function mayReach(text: string, allowed: Network[]): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return allowed.some((network) => isWithin(address, network)) || isPublic(address);
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || NOT_PUBLIC.some((network) => isWithin(address, network))) return false;
  return address.kind() === 'ipv4' || isWithin(address, GLOBAL_UNICAST);
}

function isWithin(address: Address, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
