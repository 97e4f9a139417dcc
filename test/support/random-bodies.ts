/** Values that nobody should send, the same for the same seed. */
export type Random = () => number;

/** Mulberry32: the same seed gives the same bodies. */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)]!;

// No plain word among them, so that no body renames the user of the next one.
export const TEXTS = [
  '',
  ' ',
  '\t\r\n',
  '\0',
  '\ud800',
  '\udfff!',
  '\u202e',
  'İ!',
  'ß!',
  '😀',
  '👩‍👩‍👧‍👦',
  'e\u0301',
  '\ufeff',
  '\uffff',
];
TEXTS.push(
  '\'; DROP TABLE "user"; --',
  '%s%n',
  '$1',
  '\\',
  '"',
  '${7*7}',
  '../..',
  '<script>',
  '1e999!',
  '-0',
  'null!',
);
TEXTS.push(
  'https://example.com/',
  'https://[::1]/',
  'http://a:b@c/',
  'http://\0/',
  'https://ex%00ample.com',
  'a@b.co\0',
);
TEXTS.push(
  'x!'.repeat(40),
  '😀'.repeat(31),
  ' '.repeat(30),
  'x!'.repeat(40_000),
  '{}'.repeat(9),
  'ünï@exämple.com',
  'a@[1.2.3.4]',
);
export const NUMBERS = [0, -0, -1, 1.5, 2 ** 31, 2 ** 53, 2 ** 63, 1e308, -1e308, 1e-308, 5];
export const KEYS = [
  'id',
  'name',
  'text',
  'payload',
  'seconds',
  'message',
  'length',
  'then',
  'toJSON',
  'valueOf',
  '',
  '0',
  '$ne',
  'a.b',
];
KEYS.push('hasOwnProperty', '__defineGetter__', 'constructor', 'prototype', '\ud800', 'na\0me', '😀', 'is_superuser!');

export function value(random: Random, depth = 0): unknown {
  const kind = random();
  if (kind < 0.45 || depth > 4) return pick(random, TEXTS);
  if (kind < 0.6) return pick(random, NUMBERS);
  if (kind < 0.7) return pick(random, [true, false, null]);
  const items = Array.from({ length: Math.floor(random() * 4) }, () => value(random, depth + 1));
  if (kind < 0.85) return items;
  return Object.fromEntries(items.map((item) => [pick(random, KEYS), item]));
}
