import { addressOf, isAddress } from './addresses.js';

test.each([
  ['no-reply@example.com', { name: '', address: 'no-reply@example.com' }],
  ['Example <no-reply@example.com>', { name: 'Example', address: 'no-reply@example.com' }],
  ['"Example, Inc." <no-reply@example.com>', { name: 'Example, Inc.', address: 'no-reply@example.com' }],
  ['Bücher <no-reply@xn--bcher-kva.example>', { name: 'Bücher', address: 'no-reply@xn--bcher-kva.example' }],
  ['Example', undefined],
  ['one@example.com, two@example.com', undefined],
  ['One <one@example.com>, Two <two@example.com>', undefined],
  ['Example\r\nBcc: x <no-reply@example.com>', undefined],
  ['Exam\u202eple <no-reply@example.com>', undefined],
  ['Example <no-reply@example.com', undefined],
])('%j is %j', (text, address) => {
  expect(addressOf(text)).toEqual(address);
});

test.each([
  'a@example.com\r\nRCPT TO:<b@example.com>',
  'a@example.com>',
  '<a@example.com>',
  'a b@example.com',
  'a@b',
  '',
])('%j is no address', (text) => {
  expect(isAddress(text)).toBe(false);
});
