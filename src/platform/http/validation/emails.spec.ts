import { canonicalEmail } from './emails.js';

test.each([
  ['Ada@Example.COM', 'ada@example.com'],
  ['josé@example.com', 'josé@example.com'],
  ['jose\u0301@example.com', 'josé@example.com'],
  ['JOSE\u0301@example.com', 'josé@example.com'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
  ['ada@bu\u0308cher.example', 'ada@xn--bcher-kva.example'],
  ['ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
  ['ada@example。com', 'ada@example.com'],
  ['ada@ｅｘａｍｐｌｅ.com', 'ada@example.com'],
])('%s is %s', (text, canonical) => {
  expect(canonicalEmail(text)).toBe(canonical);
  expect(canonicalEmail(canonical)).toBe(canonical);
});

test.each([
  'ada\u200b@example.com',
  'ada@exam\u200bple.com',
  'ada@exam\u00adple.com',
  'a\u3164da@example.com',
  'ada@ex%41mple.com',
  'ada@',
  '@example.com',
  'Ada',
  'ada@exam ple.com',
])('%j stays as it is', (text) => {
  expect(canonicalEmail(text)).toBe(text);
});
