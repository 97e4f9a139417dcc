/** Every type of field of the lab: read, written, refused. */
import { type Api, PREFIX, refused, type User } from '../../support/api.js';
import { useLabApi } from '../../support/lab.js';

const PRODUCTS = `${PREFIX}/lab/products`;
const NEEDED = { name: 'Rover', price_cents: 12_900, currency: 'EUR' };

let api: Api;
let ada: User;
let counter = 0;
beforeAll(async () => {
  api = await useLabApi();
  ada = await api.signUp({ username: 'ada' });
});
afterAll(() => api.stop());

const newSku = () => `TB-${++counter}`;

async function created(fields: object = {}) {
  const { body } = await ada.agent
    .post(PRODUCTS)
    .send({ sku: newSku(), ...NEEDED, ...fields })
    .expect(201);
  return body as Record<string, unknown> & { id: number };
}

test('a product of needed fields has the defaults of the table', async () => {
  const product = await created();
  expect(product).toMatchObject({
    ...NEEDED,
    status: 'draft',
    stock: 0,
    is_featured: false,
    colors: [],
    attributes: {},
  });
  expect(product).toMatchObject({ weight_kg: null, available_from_date: null, reviewed_at: null, dimensions: null });
});

const TAKEN: [field: string, sent: unknown, answered?: unknown][] = [
  ['price_cents', 0],
  ['price_cents', 2_147_483_647],
  ['currency', 'USD'],
  ['status', 'retired'],
  ['weight_kg', '16.5', '16.500'],
  ['weight_kg', '0', '0.000'],
  ['weight_kg', '1234567.891'],
  ['weight_kg', null],
  ['is_featured', true],
  ['available_from_date', '2028-02-29'],
  ['available_from_date', '0001-01-01'],
  ['available_from_date', '9999-12-31'],
  ['available_from_date', null],
  ['reviewed_at', '2027-01-31T09:30:00Z', '2027-01-31T09:30:00.000Z'],
  ['reviewed_at', '2027-01-31t09:30:00.123456+02:00', '2027-01-31T07:30:00.123Z'],
  ['reviewed_at', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['reviewed_at', null],
  ['colors', []],
  ['colors', ['black', 'a, "b" {c} \\', 'NULL', '{}']],
  ['sizes_mm', [560, 1, 560]],
  ['dimensions', { width_mm: 1, height_mm: 2 }],
  ['dimensions', null],
  ['attributes', { gears: 1, nested: { list: [null, true, 1.5, '😀'] } }],
  ['attributes', {}],
  ['support_email', 'Help@Example.com', 'help@example.com'],
  ['website_url', 'https://example.com/rover?a=b#c'],
  ['external_uuid', '0198F0A3-5F0E-7C1B-9D53-2F6A1C0B7E44', '0198f0a3-5f0e-7c1b-9d53-2f6a1c0b7e44'],
  ['category_id', null],
];

describe.each(TAKEN)('%s of %j', (field, sent, answered = sent) => {
  test('is created, changed and read', async () => {
    const product = await created({ [field]: sent });
    expect(product[field]).toEqual(answered);
    const path = `${PRODUCTS}/${(await created()).id}`;
    const { body: changed } = await ada.agent
      .patch(path)
      .send({ [field]: sent })
      .expect(200);
    expect(changed[field]).toEqual(answered);
    const { body: read, headers } = await api.http.get(path).expect(200);
    expect(read[field]).toEqual(answered);
    await ada.agent.patch(path).set('if-match', headers.etag!).send({ stock: 3 }).expect(200);
    await ada.agent.patch(path).set('if-match', headers.etag!).send({ stock: 4 }).expect(412);
    const { body: page } = await api.http.get(`${PRODUCTS}?items_per_page=1`).expect(200);
    expect(page.data[0]).toEqual({ ...read, stock: 3, updated_at: expect.any(String) });
  });
});

test('a product is read with the rows that it points to, if there are any', async () => {
  const { body: category } = await ada.agent.post(`${PREFIX}/lab/categories`).send({ name: 'Bicycles' }).expect(201);
  const [with_one, without] = [await created({ category_id: category.id }), await created()];
  const creator = { id: ada.id, username: 'ada' };
  const { body: first } = await api.http.get(`${PRODUCTS}/${with_one.id}`).expect(200);
  const { body: second } = await api.http.get(`${PRODUCTS}/${without.id}`).expect(200);
  expect([first, second]).toMatchObject([
    { category, creator },
    { category: null, creator },
  ]);
  const { body: page } = await api.http.get(`${PRODUCTS}?items_per_page=2`).expect(200);
  expect(page.data).toEqual([second, first]);
});

test('the document says of each field what validation does', async () => {
  const { body } = await api.http.get('/openapi.json').expect(200);
  const { properties, required } = body.components.schemas.LabProductCreate;
  expect(required).toEqual(['sku', 'name', 'price_cents', 'currency']);
  expect(properties).toMatchObject({
    price_cents: { type: 'integer', minimum: 0, maximum: 2_147_483_647 },
    currency: { type: 'string', enum: ['EUR', 'GBP', 'USD'] },
    weight_kg: { type: ['string', 'null'], format: 'decimal', pattern: '^\\d{1,7}(\\.\\d{1,3})?$' },
    is_featured: { type: 'boolean', default: false },
    available_from_date: { type: ['string', 'null'], format: 'date' },
    reviewed_at: { type: ['string', 'null'], format: 'date-time' },
    colors: { type: 'array', maxItems: 10, uniqueItems: true, items: { type: 'string', minLength: 1, maxLength: 20 } },
    sizes_mm: { type: 'array', maxItems: 20, items: { type: 'integer', minimum: 1, maximum: 10_000 } },
    dimensions: { oneOf: [{ $ref: '#/components/schemas/Dimensions' }, { type: 'null' }] },
    attributes: { type: 'object', additionalProperties: true },
    support_email: { type: ['string', 'null'], format: 'email' },
    website_url: { type: ['string', 'null'], format: 'uri' },
    external_uuid: { type: ['string', 'null'], format: 'uuid' },
  });
  const { products } = body.components.schemas.LabProductBatch.properties;
  const ProductCreate = { $ref: '#/components/schemas/LabProductCreate' };
  expect(products).toEqual({ type: 'array', minItems: 1, maxItems: 100, items: ProductCreate });
});

test('a product of a category that does not exist is refused', async () => {
  const product = { sku: newSku(), ...NEEDED, category_id: 999 };
  await refused(ada.agent.post(PRODUCTS).send(product), 404, 'category_not_found');
});

const REFUSED: Record<string, unknown[]> = {
  price_cents: [-1, 1.5, 2_147_483_648, '1', true, null, [1], {}],
  currency: ['eur', 'XXX', '', 1, null, ['EUR'], {}],
  status: ['', 'deleted', 0, null],
  weight_kg: [1.5, '1.2345', '12345678', '-1', '1e3', '', ' 1', '1.', '.5', 'NaN', 'Infinity', '١', [], {}, true],
  stock: [-1, 1_000_001, '1'],
  is_featured: ['true', 1, 0, null, []],
  available_from_date: ['2027-02-29', '2027-13-01', '2027-1-1', '0000-01-01', '10000-01-01', '2027-01-01T00:00:00Z'],
  reviewed_at: ['2027-01-31', '2027-01-31T09:30', '2027-01-31T09:30:00', '2027-02-30T00:00:00Z', 1, 'now', {}, []],
  colors: ['black', [1], [''], [null], ['x'.repeat(21)], ['a', 'a'], Array.from({ length: 11 }, String), {}, [['a']]],
  sizes_mm: [['1'], [0], [10_001], [1.5], 1, { 0: 1, length: 1 }],
  dimensions: [{}, { width_mm: 1 }, { width_mm: '1', height_mm: 1 }, [], [{ width_mm: 1, height_mm: 1 }], 'x', 1],
  attributes: [[], 'x', 1, null, { a: 'x'.repeat(1_100) }],
  support_email: ['help', 'a@b', 1, []],
  website_url: ['ftp://example.com', 'example.com', 'javascript:alert(1)', 1],
  external_uuid: ['0198f0a3', 'g198f0a3-5f0e-7c1b-9d53-2f6a1c0b7e44', '{0198f0a3-5f0e-7c1b-9d53-2f6a1c0b7e44}', 1, {}],
  category_id: [0, -1, 1.5, '1', 2 ** 53],
};
REFUSED.available_from_date!.push(1, {}, []);
REFUSED.reviewed_at!.push('2027-01-31T24:00:00Z', '2027-01-31T09:60:00Z', '2027-01-31T23:59:60Z');
REFUSED.reviewed_at!.push('0000-01-01T00:00:00Z', '9999-12-31T23:59:59-01:00', '0001-01-01T00:00:00+01:00');

describe.each(Object.entries(REFUSED))('%s', (field, values) => {
  test.each(values)('of %j is refused, by its name', async (value) => {
    const product = { sku: newSku(), ...NEEDED, [field]: value };
    const { body } = await refused(ada.agent.post(PRODUCTS).send(product), 422, 'validation_failed');
    for (const problem of body.errors) {
      expect(problem.field.split('.')[0]).toBe(field);
      expect(problem.message).toMatch(new RegExp(`^(${field}(\\.\\d+)?|width_mm|height_mm) must `));
    }
  });
});
