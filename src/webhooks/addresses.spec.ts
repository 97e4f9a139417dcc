import { cidrOf, mayReach, type Network } from './addresses.js';

const reach = (address: string, ...allowed: string[]) =>
  mayReach(
    address,
    allowed.map((text) => cidrOf(text) as Network),
  );

test.each([
  ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
  ['unspecified, this network', ['0.0.0.0', '0.1.2.3', '::']],
  ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1']],
  ['link-local, metadata of clouds', ['169.254.0.1', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254']],
  ['other metadata', ['100.100.100.200', '192.0.0.192', '168.63.129.16']],
  ['carrier-grade NAT', ['100.64.0.1', '100.127.255.254']],
  ['multicast and broadcast', ['224.0.0.1', '239.255.255.250', '255.255.255.255', 'ff02::1']],
  [
    'reserved, benchmarks',
    ['240.0.0.1', '192.0.0.1', '198.18.0.1', '198.19.255.255', '192.88.99.1', '4000::1', '100::1'],
  ],
  ['documentation', ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1']],
  [
    'mapped and compatible IPv4',
    ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::127.0.0.1', '::ffff:0:127.0.0.1'],
  ],
  ['NAT64, also of a network of its own', ['64:ff9b::7f00:1', '64:ff9b::a00:1', '64:ff9b:1::7f00:1']],
  ['6to4 and Teredo', ['2002:7f00:1::1', '2002:a00:1::', '2001::7f00:1', '2001:0:7f00:1::']],
  ['site-local', ['fec0::1']],
  ['no address', ['', 'localhost', '1.2.3.4.5', '::g']],
])('%s is not public', (_, addresses) => {
  // prettier-ignore
  expect(addresses.filter((address) => reach(address))).toEqual([]);
});

test('public addresses are', () => {
  const all = ['93.184.216.34', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:93.184.216.34'];
  expect(all.filter((address) => !reach(address))).toEqual([]);
});

test('operators allow networks, in whatever form an address comes', () => {
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3']) expect(reach(address, 'fd00::/8', '10.1.0.0/16')).toBe(true);
  expect(reach('10.2.0.1', '10.1.0.0/16')).toBe(false);
  expect(reach('fd00::1', '10.1.0.0/16', 'fd00::/8')).toBe(true);
});

test.each(['10.0.0.0', '10.0.0.0/33', 'localhost/8', ''])('%j is no network', (text) => {
  expect(cidrOf(text)).toBeUndefined();
});
