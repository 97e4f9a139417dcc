/** Whatever comes for a field of whatever type, the lab answers 422 or takes it. */
import { type Api, PREFIX, type User } from '../../support/api.js';
import { startLabApi } from '../../support/lab.js';
import { KEYS, pick, type Random, randomOf, value } from '../../support/random-bodies.js';
import { expectProblem, send } from '../../support/raw.js';

const BODIES = 160;
const AT_ONCE = 16;

let api: Api;
let ada: User;
beforeAll(async () => {
  api = await startLabApi();
  ada = await api.signUp();
  await ada.agent
    .post(`${PREFIX}/lab/products`)
    .send({ sku: 'first', ...NEEDED })
    .expect(201);
  await ada.agent.post(`${PREFIX}/lab/tags`).send({ name: 'first' }).expect(201);
});
afterAll(() => api.stop());

const NEEDED = { name: 'Rover', price_cents: 12_900, currency: 'EUR' };
const PRODUCT = {
  ...NEEDED,
  description: 'Text',
  status: 'active',
  weight_kg: '16.500',
  stock: 1,
  is_featured: true,
  available_from_date: '2027-01-31',
  reviewed_at: '2027-01-31T09:30:00Z',
  colors: ['black'],
  sizes_mm: [560],
  dimensions: { width_mm: 1, height_mm: 1 },
  attributes: { gears: 1 },
  support_email: 'help@example.com',
  website_url: 'https://example.com/',
  external_uuid: '0198f0a3-5f0e-7c1b-9d53-2f6a1c0b7e44',
  category_id: null,
};
// Near to what each type takes.
const NEAR = ['0001-01-01', '9999-12-31', '0000-01-01', '2027-02-29', '9999-12-31T23:59:59Z', '2027-01-31T24:00:00Z'];
NEAR.push('0', '-0', '00000000', '9999999.999', '1e3', 'NaN', 'infinity', 'true', 'null', '{}', '{"a"}', '[]');

/** Some fields spoilt, in themselves or within. */
function spoilt(random: Random, fields: object): Record<string, unknown> {
  // Of many fields, one that is wrong would hide all that validation lets through.
  const share = pick(random, [0.02, 0.1, 0.3]);
  const spoil = (sane: unknown): unknown => {
    if (random() > share) return sane;
    if (random() < 0.3) return pick(random, NEAR);
    if (Array.isArray(sane)) return [...(sane as unknown[]), value(random)];
    if (typeof sane === 'object' && sane !== null) return { ...sane, [pick(random, KEYS)]: value(random) };
    return value(random);
  };
  return Object.fromEntries(Object.entries(fields).map(([name, sane]) => [name, spoil(sane)]));
}

const ROUTES: [method: string, path: string, good: () => object][] = [
  ['POST', '/products', () => ({ sku: `f-${++counter}`, ...PRODUCT })],
  ['PATCH', '/products/1', () => PRODUCT],
  ['PUT', '/skus/second', () => PRODUCT],
  ['PUT', '/products/1/tags', () => ({ tag_ids: [1] })],
  ['POST', '/products/1/stock', () => ({ by: 1 })],
  ['POST', '/products/1/status', () => ({ from: 'active', to: 'active' })],
];
let counter = 0;

test.each(ROUTES.map(([method, path, good], index) => ({ method, path, good, seed: 2_000 + index })))(
  'no random field makes $method $path answer 5xx (seed $seed)',
  async ({ method, path, good, seed }) => {
    const random = randomOf(seed);
    const statuses = new Set<number>();
    for (let sent = 0; sent < BODIES; sent += AT_ONCE) {
      const bodies = Array.from({ length: AT_ONCE }, () => JSON.stringify(spoilt(random, good())));
      const request = { method, path: `${PREFIX}/lab${path}`, token: ada.token };
      const answers = await Promise.all(bodies.map((body) => send(api.program.url, { ...request, body })));
      for (const [index, answer] of answers.entries()) {
        statuses.add(answer.status);
        if (answer.status >= 500) throw new Error(`${answer.text} to ${bodies[index]!.slice(0, 1_000)}`);
        if (answer.status >= 400) expectProblem(answer, answer.status);
      }
    }
    expect(statuses).toContain(422);
    expect([...statuses].some((status) => status < 300)).toBe(true);
  },
);
