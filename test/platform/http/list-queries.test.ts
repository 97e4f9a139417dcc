/** Filters, orders and searches of the lab's list, which has a column of every type. */
import { type Api, PREFIX, refused, type User } from '../../support/api.js';
import { useLabApi } from '../../support/lab.js';

const PRODUCTS = `${PREFIX}/lab/products`;
const UUID = '0198f0a3-5f0e-7c1b-9d53-2f6a1c0b7e44';

const FIELDS: Record<string, object> = {
  bolt: {
    name: 'Bolt, steel',
    price_cents: 5,
    currency: 'EUR',
    status: 'active',
    weight_kg: '0.010',
    colors: ['grey'],
  },
  nut: {
    name: 'Nut',
    price_cents: 5,
    currency: 'USD',
    status: 'active',
    weight_kg: '0.005',
    colors: ['grey', 'brass'],
  },
  rover: {
    name: 'Rover',
    description: 'A bicycle with two equal wheels',
    price_cents: 12_900,
    currency: 'EUR',
    available_from_date: '2027-01-31',
    reviewed_at: '2026-11-29T12:00:00.250Z',
    sizes_mm: [560, 600],
    is_featured: true,
  },
  penny: {
    name: 'Penny farthing',
    description: 'A high bicycle, and no wheel like the other',
    price_cents: 9_900,
    currency: 'GBP',
    status: 'retired',
    weight_kg: '16.500',
    available_from_date: '1870-03-01',
    reviewed_at: '2026-11-29T12:00:00.251Z',
    sizes_mm: [560],
    external_uuid: UUID,
  },
  null: { name: 'null', price_cents: 0, currency: 'EUR' },
};
const ALL = Object.keys(FIELDS);

let api: Api;
let ada: User;
beforeAll(async () => {
  api = await useLabApi();
  ada = await api.signUp({ username: 'ada' });
  for (const [sku, fields] of Object.entries(FIELDS)) {
    await ada.agent
      .post(PRODUCTS)
      .send({ sku, ...fields })
      .expect(201);
  }
});
afterAll(() => api.stop());

interface Page {
  data: { id: number; sku: string }[];
  total_count: number;
  next: string;
}

async function list(query: string): Promise<Page> {
  const { body } = await api.http.get(`${PRODUCTS}?${query}`).expect(200);
  return body as Page;
}

const skus = ({ data }: Page) => data.map(({ sku }) => sku);

test.each([
  ['currency=USD', ['nut']],
  ['currency[in]=USD,GBP', ['nut', 'penny']],
  ['currency[in]=USD,USD', ['nut']],
  ['currency=EUR&status=draft', ['rover', 'null']],
  ['name=Nut', ['nut']],
  ['name=nut', []],
  ['name=Bolt, steel', ['bolt']],
  ['name=null', ['null']],
  ['name=', []],
  ['name[in]=Nut,Rover', ['nut', 'rover']],
  ['price_cents=5', ['bolt', 'nut']],
  ['price_cents=0', ['null']],
  ['price_cents[in]=5,0', ['bolt', 'nut', 'null']],
  ['price_cents[gt]=5', ['rover', 'penny']],
  ['price_cents[gte]=5&price_cents[lt]=9900', ['bolt', 'nut']],
  ['price_cents[lte]=-1', []],
  ['price_cents[gte]=5&currency=EUR', ['bolt', 'rover']],
  ['weight_kg=0.01', ['bolt']],
  ['weight_kg=16.5', ['penny']],
  ['weight_kg[lt]=0.0100', ['nut']],
  ['weight_kg[null]=true', ['rover', 'null']],
  ['weight_kg[null]=false', ['bolt', 'nut', 'penny']],
  ['weight_kg[null]=true&weight_kg=16.5', []],
  ['is_featured=true', ['rover']],
  ['is_featured=false&price_cents[gt]=5', ['penny']],
  ['available_from_date=2027-01-31', ['rover']],
  ['available_from_date[lt]=1900-01-01', ['penny']],
  ['reviewed_at=2026-11-29T12:00:00.25Z', ['rover']],
  ['reviewed_at=2026-11-29T13:00:00.25+01:00', ['rover']],
  ['reviewed_at=2026-11-29T13:00:00.25%2B01:00', ['rover']],
  ['reviewed_at[gt]=2026-11-29T12:00:00.250000Z', ['penny']],
  ['reviewed_at[gte]=2026-11-29t12:00:00z', ['rover', 'penny']],
  ['colors=grey', ['bolt', 'nut']],
  ['colors=brass', ['nut']],
  ['colors=gr', []],
  ['colors[in]=brass,grey', ['bolt', 'nut']],
  ['colors=grey&colors[in]=brass', ['nut']],
  ['sizes_mm=560', ['rover', 'penny']],
  ['sizes_mm[in]=600,1', ['rover']],
  [`external_uuid=${UUID.toUpperCase()}`, ['penny']],
  ['category_id=1', []],
  ['category_id[null]=true', ALL],
  ['search=bicycle', ['rover', 'penny']],
  ['search=BICYCLES', ['rover', 'penny']],
  ['search=bicycle -high', ['rover']],
  ['search=rover or penny', ['rover', 'penny']],
  ['search="equal wheels"', ['rover']],
  ['search="wheels equal"', []],
  ['search=rov', []],
  ['search=bicycle&price_cents[lt]=10000', ['penny']],
  ['search=the', []],
  ["search=bicycle' OR true --", ['rover', 'penny']],
  ['search=<->(bicycle', ['rover', 'penny']],
])('?%s lists %j', async (query, expected) => {
  const page = await list(query);
  expect(skus(page).toSorted()).toEqual([...expected].toSorted());
  expect(page.total_count).toBe(expected.length);
});

const NEWEST_FIRST = ALL.toReversed();

test.each([
  ['', NEWEST_FIRST],
  ['sort=-id', NEWEST_FIRST],
  ['sort=id', ALL],
  ['sort=price_cents', ['null', 'bolt', 'nut', 'penny', 'rover']],
  ['sort=-price_cents', ['rover', 'penny', 'nut', 'bolt', 'null']],
  ['sort=name', ['bolt', 'nut', 'penny', 'rover'], 'null'],
  ['sort=weight_kg', ['nut', 'bolt', 'penny', 'rover', 'null']],
  ['sort=-weight_kg', ['null', 'rover', 'penny', 'bolt', 'nut']],
  ['sort=available_from_date', ['penny', 'rover', 'bolt', 'nut', 'null']],
  ['sort=-reviewed_at', ['null', 'nut', 'bolt', 'penny', 'rover']],
  ['price_cents[gte]=5', ['rover', 'penny', 'nut', 'bolt']],
  ['price_cents[gte]=5&sort=id', ['bolt', 'nut', 'rover', 'penny']],
  ['weight_kg[null]=false', ['penny', 'bolt', 'nut']],
  ['currency[in]=EUR,USD&sort=-price_cents', ['rover', 'nut', 'bolt', 'null']],
  ['search=bicycle&sort=price_cents', ['penny', 'rover']],
])('?%s comes in the order %j', async (query, expected, leftOut = '') => {
  expect(skus(await list(query)).filter((sku) => sku !== leftOut)).toEqual(expected);
  const walked: string[] = [];
  for (let after: string | null = ''; after !== null;) {
    const page = await list(`${query}&items_per_page=1&after=${after}`);
    walked.push(...skus(page));
    after = page.next;
  }
  expect(walked.filter((sku) => sku !== leftOut)).toEqual(expected);
});

test('what is told besides the columns of a row is not shown', async () => {
  const [plain, sorted] = [await list('after='), await list('after=&sort=weight_kg')];
  expect(Object.keys(sorted.data[0]!)).toEqual(Object.keys(plain.data[0]!));
});

test.each([
  ['colour=red', 'colour'],
  ['description=A', 'description'],
  ['price_cents[like]=5', 'price_cents[like]'],
  ['price_cents[not]=5', 'price_cents[not]'],
  ['price_cents[]=5', 'price_cents[]'],
  ['price_cents[gte', 'price_cents[gte'],
  ['name[gt]=A', 'name[gt]'],
  ['currency[lt]=USD', 'currency[lt]'],
  ['currency[null]=true', 'currency[null]'],
  ['colors[gte]=a', 'colors[gte]'],
  ['is_featured[in]=true', 'is_featured[in]'],
  ['is_deleted=true', 'is_deleted'],
  ['search_document=x', 'search_document'],
  ['price_cents=five', 'price_cents'],
  ['price_cents=1.5', 'price_cents'],
  ['price_cents=2147483648', 'price_cents'],
  ['price_cents=', 'price_cents'],
  ['price_cents=%00', 'price_cents'],
  ['price_cents[in]=5,,6', 'price_cents[in]'],
  ['weight_kg=1,5', 'weight_kg'],
  ['weight_kg=1e3', 'weight_kg'],
  ['weight_kg=NaN', 'weight_kg'],
  ['is_featured=1', 'is_featured'],
  ['currency=XXX', 'currency'],
  ['currency[in]=EUR,XXX', 'currency[in]'],
  ['available_from_date=2027-02-29', 'available_from_date'],
  ['available_from_date=0000-01-01', 'available_from_date'],
  ['available_from_date=2027-01-31T00:00:00Z', 'available_from_date'],
  ['reviewed_at=2026-11-29', 'reviewed_at'],
  ['reviewed_at=2026-11-29T12:00:00', 'reviewed_at'],
  ['reviewed_at=2026-11-29T24:00:00Z', 'reviewed_at'],
  ['reviewed_at[gte]=0001-01-01T00:00:00%2B01:00', 'reviewed_at[gte]'],
  ['external_uuid=1', 'external_uuid'],
  ['category_id=9007199254740992', 'category_id'],
  ['weight_kg[null]=yes', 'weight_kg[null]'],
  ['currency=EUR&currency=USD', 'currency'],
  ['currency[in]=EUR&currency[in]=USD', 'currency[in]'],
  ['price_cents[gte]=1&price_cents[gte]=1', 'price_cents[gte]'],
  ['sort=price_cents,price_cents', 'sort'],
  ['sort=price_cents,id', 'sort'],
  ['sort=price_cents&sort=price_cents', 'sort'],
  ['sort=--id', 'sort'],
  ['sort=', 'sort'],
  ['sort=stock', 'sort'],
  ['sort=constructor', 'sort'],
  ['sort=id;DROP TABLE lab_product', 'sort'],
  ['search=', 'search'],
  ['search=%20', 'search'],
  ['search=%26 | ! ( ) <->', 'search'],
  ['search=-', 'search'],
  ['search="', 'search'],
  ['search=or', 'search'],
  ['search=-bicycle', 'search'],
  ['search=-"high bicycle" or', 'search'],
  ['search=%00', 'search'],
  ['search=bi%00cycle', 'search'],
  ['search=a&search=b', 'search'],
])('?%s is refused', expectRefused);

test.each([
  ['name', 'x'.repeat(81)],
  ['name', 'x'.repeat(10_000)],
  ['search', 'x'.repeat(201)],
  ['search', 'x'.repeat(10_000)],
  ['price_cents[in]', Array.from({ length: 21 }, (_, n) => n).join()],
  ['price_cents[in]', '1,'.repeat(5_000)],
])('%s is not taken at any length', (field, value) => expectRefused(`${field}=${value}`, field));

async function expectRefused(query: string, field: string): Promise<void> {
  const { body } = await refused(api.http.get(`${PRODUCTS}?${query}`), 422, 'validation_failed');
  expect(body.errors).toEqual([{ field, message: expect.stringMatching(/\w/) }]);
}

const AFTER = [{ field: 'after', message: 'after must be empty or the next of a page of this list' }];

test.each([
  ['', 'sort=id'],
  ['sort=price_cents', 'sort=-price_cents'],
  ['sort=price_cents', 'sort=weight_kg'],
  ['sort=price_cents', ''],
  ['', 'currency=EUR'],
  ['currency=EUR', 'currency[in]=EUR'],
  ['price_cents[gte]=0', 'price_cents[gte]=1'],
  ['search=bicycle', 'search=wheel'],
])('a cursor of ?%s is none of ?%s', async (one, other) => {
  const { next } = await list(`${one}&items_per_page=1&after=`);
  await list(`${one}&after=${next}`);
  const { body } = await refused(api.http.get(`${PRODUCTS}?${other}&after=${next}`), 422, 'validation_failed');
  expect(body.errors).toEqual(AFTER);
});

test.each(['2026-02-30', 'tomorrow', '2026-01-01 BC', '', "' OR true --"])(
  'a made-up cursor at %j is refused',
  async (value) => {
    const query = 'sort=available_from_date';
    const { next } = await list(`${query}&items_per_page=1&after=`);
    const made = Buffer.concat([Buffer.from(next, 'base64url').subarray(0, 12), Buffer.from(`=${value}`)]);
    const path = `${PRODUCTS}?${query}&after=${made.toString('base64url')}`;
    expect((await refused(api.http.get(path), 422, 'validation_failed')).body.errors).toEqual(AFTER);
  },
);

let size = 10;

test('rows that match a condition are counted to a thousand, and more are 1,001', async () => {
  const insert = (count: number) =>
    api.database.query(
      `INSERT INTO lab_product (sku, name, price_cents, currency, status, created_by_user_id)
       SELECT 'many ' || left(gen_random_uuid()::text, 13), 'Sprocket', 7, 'EUR', 'retired', 1
       FROM generate_series(1, $1::int)`,
      [count],
    );
  for (const [more, total_count] of [
    [1_000, 1_000],
    [1, 1_001],
    [500, 1_001],
  ] as const) {
    await insert(more);
    for (const query of [
      'price_cents=7',
      'search=sprockets',
      'price_cents=7&after=',
      'price_cents[lte]=7&search=sprocket',
    ]) {
      // Another size each time, which has not been asked for and is not kept.
      expect(await list(`${query}&items_per_page=${++size}`)).toMatchObject({ total_count });
    }
  }
});

test('filters, orders and search are in the document, with what they take', async () => {
  const { body } = await api.http.get('/openapi.json').expect(200);
  const { parameters } = body.paths[`${PREFIX}/lab/products`].get as { parameters: { name: string; schema: object }[] };
  const schemas = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  expect(schemas).toMatchObject({
    currency: { type: 'string', enum: ['EUR', 'GBP', 'USD'] },
    'currency[in]': { type: 'array', maxItems: 20, items: { type: 'string', enum: ['EUR', 'GBP', 'USD'] } },
    'price_cents[gte]': { type: 'integer', maximum: 2_147_483_647 },
    'weight_kg[null]': { type: 'boolean' },
    'reviewed_at[lt]': { type: 'string', format: 'date-time' },
    search: { type: 'string', maxLength: 200 },
  });
  expect(schemas.sort).toMatchObject({ enum: expect.arrayContaining(['id', '-id', '-weight_kg']) });
  const lists = parameters.filter(({ name }) => name.endsWith('[in]'));
  expect(lists).not.toEqual([]);
  for (const parameter of lists) expect(parameter).toMatchObject({ style: 'form', explode: false, required: false });
});
