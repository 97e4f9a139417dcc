import { type Api, PREFIX, useApi } from '../../support/api.js';
import { BODY_ROUTES, type BodyRoute, inviteEveryone, type People } from '../../support/body-routes.js';
import { expectProblem, send } from '../../support/raw.js';

const BODIES_PER_ROUTE = 80;
const AT_ONCE = 16;

let api: Api;
let people: People;
beforeAll(async () => {
  api = await useApi();
  people = await inviteEveryone(api);
});
afterAll(() => api.stop());

type Random = () => number;

/** Mulberry32: the same seed gives the same bodies. */
function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)]!;

// No plain word among them, so that no body renames the user of the next one.
const TEXTS = [
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
TEXTS.push("'; DROP TABLE post; --", '%s%n', '$1', '\\', '"', '${7*7}', '../..', '<script>', '1e999!', '-0', 'null!');
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
const NUMBERS = [0, -0, -1, 1.5, 2 ** 31, 2 ** 53, 2 ** 63, 1e308, -1e308, 1e-308, 5];
const KEYS = [
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

function value(random: Random, depth = 0): unknown {
  const kind = random();
  if (kind < 0.45 || depth > 4) return pick(random, TEXTS);
  if (kind < 0.6) return pick(random, NUMBERS);
  if (kind < 0.7) return pick(random, [true, false, null]);
  const items = Array.from({ length: Math.floor(random() * 4) }, () => value(random, depth + 1));
  if (kind < 0.85) return items;
  return Object.fromEntries(items.map((item) => [pick(random, KEYS), item]));
}

/** Mostly a good body with some fields spoilt, so that it gets far. */
function body(random: Random, { good }: BodyRoute): unknown {
  if (random() < 0.1) return value(random);
  const spoilt = Object.entries(good).map(([key, sane]) => [key, random() < 0.4 ? value(random) : sane]);
  const fields = Object.fromEntries(spoilt.filter(() => random() < 0.9)) as Record<string, unknown>;
  if ('payload' in fields && random() < 0.5) {
    fields.payload = { message: value(random), ...(random() < 0.5 && { [pick(random, KEYS)]: value(random) }) };
  }
  if (random() < 0.2) fields[pick(random, KEYS)] = value(random);
  if (typeof fields.username === 'string' && good.name) fields.username += '!';
  return fields;
}

test.each(
  BODY_ROUTES.map((route, index) => ({ route, method: route.method, template: route.template, seed: 1000 + index })),
)('no random body makes $method $template answer 5xx (seed $seed)', async ({ route, seed }) => {
  const random = randomOf(seed);
  const statuses = new Set<number>();
  const codes = new Set<string>();
  const failures: unknown[] = [];
  for (let sent = 0; sent < BODIES_PER_ROUTE; sent += AT_ONCE) {
    const bodies = Array.from({ length: AT_ONCE }, () => JSON.stringify(body(random, route)));
    const answers = await Promise.all(bodies.map((text) => send(api.program.url, people.to(route, text))));
    for (const [index, answer] of answers.entries()) {
      statuses.add(answer.status);
      if (answer.status >= 500) failures.push({ body: bodies[index]!.slice(0, 500), answer: answer.text });
      else if (answer.status >= 400) {
        expectProblem(answer, answer.status);
        codes.add((JSON.parse(answer.text) as { code: string }).code);
      }
    }
  }
  expect(failures).toEqual([]);
  // Else the bodies would not have come past the guards.
  expect(statuses).toContain(422);
  for (const code of ['superuser_only', 'not_your_account', 'not_your_post']) expect(codes).not.toContain(code);
});

test('no random query makes a list answer 5xx', async () => {
  const random = randomOf(7);
  const keys = ['page', 'items_per_page', 'after', 'deleted', ...KEYS.map((key) => key.toWellFormed())];
  for (let sent = 0; sent < 150; sent++) {
    const fields = Array.from({ length: Math.ceil(random() * 3) }, () => {
      const text = String(pick(random, [...TEXTS, ...NUMBERS]))
        .toWellFormed()
        .slice(0, 500);
      return `${encodeURIComponent(pick(random, keys))}=${encodeURIComponent(text)}`;
    });
    const path = `${PREFIX}/${pick(random, ['posts', 'users', 'users/ada/posts', 'admin/users'])}?${fields.join('&')}`;
    const { status } = await send(api.program.url, { path, token: people.tokens.superuser });
    expect({ path, ok: status < 500 }).toEqual({ path, ok: true });
  }
});
