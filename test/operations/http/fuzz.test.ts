import { crc32 } from 'node:zlib';
import { type Api, PREFIX, useApi, type User } from '../../support/api.js';
import { KEYS, NUMBERS, pick, type Random, randomOf, TEXTS, value } from '../../support/random-bodies.js';
import { expectProblem, send } from '../../support/raw.js';
import { BODY_ROUTES, LISTS, type Route } from '../../support/routes.js';
import { newScene } from '../../support/scenes.js';

const BODIES_PER_ROUTE = 80;
const AT_ONCE = 16;

let api: Api;
let root: User;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
});
afterAll(() => api.stop());

/** Mostly a good body with some fields spoilt, at least one of them, so that it gets far and does not end the account. */
function spoilt(random: Random, good: object): unknown {
  if (random() < 0.1) return value(random);
  const worst = pick(random, Object.keys(good));
  const entries = Object.entries(good).map(([key, sane]) => [
    key,
    key === worst || random() < 0.4 ? value(random) : sane,
  ]);
  const fields = Object.fromEntries(entries.filter(() => random() < 0.9)) as Record<string, unknown>;
  if ('payload' in fields && random() < 0.5) {
    fields.payload = { message: value(random), ...(random() < 0.5 && { [pick(random, KEYS)]: value(random) }) };
  }
  if (random() < 0.2) fields[pick(random, KEYS)] = value(random);
  if (typeof fields.username === 'string' && 'name' in good) fields.username += '!';
  return fields;
}

// Of the route itself, so that a new one leaves the bodies of all others as they are.
const seeded = BODY_ROUTES.map((route): Route & { seed: number } => Object.assign({ seed: crc32(route.name) }, route));

test.each(seeded)('no random body makes $name answer 5xx (seed $seed)', async (route) => {
  const scene = await newScene(api, root);
  const { body: good, ...sent } = await scene.request(route);
  const random = randomOf(route.seed);
  const statuses = new Set<number>();
  const codes = new Set<string>();
  const failures: unknown[] = [];
  for (let count = 0; count < BODIES_PER_ROUTE; count += AT_ONCE) {
    const bodies = Array.from({ length: AT_ONCE }, () => JSON.stringify(spoilt(random, good as object)));
    const answers = await Promise.all(bodies.map((text) => send(api.program.url, { ...sent, body: text })));
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
  expect([...codes].filter((code) => /^(superuser_only|permission_required|not_your_\w+)$/.test(code))).toEqual([]);
});

test('no random query makes a list answer 5xx', async () => {
  const random = randomOf(7);
  const scene = await newScene(api, root, root);
  const keys = ['page', 'items_per_page', 'after', 'deleted', ...KEYS.map((key) => key.toWellFormed())];
  for (let sent = 0; sent < 150; sent++) {
    const fields = Array.from({ length: Math.ceil(random() * 3) }, () => {
      const text = String(pick(random, [...TEXTS, ...NUMBERS]))
        .toWellFormed()
        .slice(0, 500);
      return `${encodeURIComponent(pick(random, keys))}=${encodeURIComponent(text)}`;
    });
    const list = await scene.filled(pick(random, LISTS).template);
    const path = `${PREFIX}${list}?${fields.join('&')}`;
    const { status } = await send(api.program.url, { path, token: root.token });
    expect({ path, ok: status < 500 }).toEqual({ path, ok: true });
  }
});
