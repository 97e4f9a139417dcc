import { type Api, PREFIX, useApi } from '../../support/api.js';
import { BODY_ROUTES, type BodyRoute, inviteEveryone, type People } from '../../support/body-routes.js';
import { KEYS, NUMBERS, pick, type Random, randomOf, TEXTS, value } from '../../support/random-bodies.js';
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
