import { isAmong, plainAddress } from './client-address.js';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:1001', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:cb00:7107', '203.0.113.7'],
  ['[::ffff:203.0.113.7]:1001', '203.0.113.7'],
  ['2001:db8::1', '2001:db8::1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:65535', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[fe80::1%eth0]:80', 'fe80::1'],
  ['::1', '::1'],
])('%s is the address %s', (text, address) => {
  expect(plainAddress(text)).toBe(address);
});

test.each([
  undefined,
  '',
  'unknown',
  '_hidden',
  '203.0.113.7:',
  '203.0.113.7:123456',
  '203.0.113.7:x',
  '203.0.113',
  '999.0.113.7',
  '0203.0.113.7',
  '[203.0.113.7]:80',
  '2001:db8::1::',
  '[2001:db8::1',
  '2001:db8::1]:80',
  '/run/socket',
])('%j is no address', (text) => {
  expect(plainAddress(text)).toBeUndefined();
});

test.each([
  ['10.0.0.5', true],
  ['10.0.0.5:1234', true],
  ['::ffff:10.0.0.5', true],
  ['10.0.0.6', false],
  ['192.168.3.4', true],
  ['fd00::1', true],
  ['[fd00::1]:80', true],
  ['fe00::1', false],
  ['unknown', false],
])('whether %s is among the proxies: %s', (address, is) => {
  expect(isAmong(['10.0.0.5', '192.168.0.0/16', 'fd00::/64'])(address)).toBe(is);
});
