/** How PostgreSQL answers each declared question of a list of a million rows. */
import { type Api, PREFIX } from '../../support/api.js';
import { startLabApi } from '../../support/lab.js';
import { ordersOf } from '../../support/list-walk.js';
import { explainAll, plans, type Step } from '../../support/plans.js';
import { send } from '../../support/raw.js';
import { listenIn, type Wire } from '../../support/statements.js';

const PRODUCTS = `${PREFIX}/lab/products`;
const ROWS = 1_000_000;
// Ten rows, one more, some that are deleted among them; where a page has two branches, each of them.
const PAGE = 40;
// A thousand and one more, and what is deleted among them or does not match; every third row does.
const COUNTED = 3_300;

let wire: Wire;
let api: Api;
beforeAll(async () => {
  wire = await listenIn();
  api = await startLabApi({ CACHE_ENABLED: 'false' }, wire.through);
  await explainAll(api.database.url);
  await fill();
}, 180_000);
afterAll(async () => {
  await api.stop();
  await wire.close();
});

/** One row in a hundred is deleted, three in four have a weight, one in a hundred thousand is featured. */
async function fill(): Promise<void> {
  const { database } = api;
  await api.signUp();
  const indexes = await database.query<{ name: string; sql: string }>(
    `SELECT indexname AS name, indexdef AS sql FROM pg_indexes
     WHERE tablename = 'lab_product' AND indexname NOT IN ('lab_product_pkey', 'lab_product_sku_key')`,
  );
  for (const { name } of indexes) await database.query(`DROP INDEX "${name}"`);
  await database.query('ALTER TABLE lab_product DISABLE TRIGGER lab_product_search_document');
  await database.query(
    `INSERT INTO lab_product (sku, name, price_cents, currency, status, weight_kg, is_featured, available_from_date,
       reviewed_at, colors, sizes_mm, external_uuid, is_deleted, created_by_user_id, search_document)
     SELECT 'sku ' || n, 'Name ' || n % 50000, hashint4(n) & 65535, (ARRAY['EUR', 'GBP', 'USD'])[1 + n % 3], 'active',
       CASE WHEN n % 4 > 0 THEN hashint4(n) % 1000 / 8.0 END, n % 100000 = 7,
       CASE WHEN n % 5 > 0 THEN '2020-01-01'::date + n % 2000 END,
       CASE WHEN n % 3 > 0 THEN '2026-01-01Z'::timestamptz + n * '1 s'::interval END,
       CASE WHEN n % 1000 = 7 THEN ARRAY['rare', 'common'] ELSE ARRAY['common'] END, ARRAY[n % 700], gen_random_uuid(),
       n % 100 = 0, 1,
       to_tsvector('public.search_language', 'everywhere w' || n % 5000 || CASE WHEN n % 10 = 0 THEN ' often' ELSE '' END)
     FROM generate_series(1, $1::int) n`,
    [ROWS],
  );
  for (const { sql } of indexes) await database.query(sql);
  await database.query('VACUUM ANALYZE lab_product');
}

async function get(query: string): Promise<{ next: string }> {
  const { status, text } = await send(api.program.url, { path: encodeURI(`${PRODUCTS}?${query}`) });
  expect({ query, status }).toEqual({ query, status: 200 });
  return JSON.parse(text) as { next: string };
}

async function plansOf(query: string): Promise<Step[][]> {
  plans(wire);
  await get(query);
  return plans(wire).filter((steps) => steps.some(({ table }) => table === 'lab_product'));
}

const mostRead = (steps: Step[]) => Math.max(...steps.map(({ table, rows }) => (table === 'lab_product' ? rows : 0)));
const isCount = (steps: Step[]) => steps.some(({ type }) => type === 'Aggregate');
// What measures the bytes of a page numbers its own rows, and so sorts what is sorted.
const isSort = ({ type, rows }: Step) => /Sort/.test(type) && rows > PAGE;
const told = (steps: Step[]) => steps.map(({ type, table, rows }) => `${type} ${table ?? ''} ${rows}`).join(', ');

/** A page is read in the order of an index, no further than it is long; and rows are counted to a thousand. */
async function expectFrugal(query: string, most = PAGE): Promise<void> {
  const all = await plansOf(query);
  expect(all.filter((steps) => !isCount(steps))).toHaveLength(1);
  for (const steps of all) {
    const isFrugal = mostRead(steps) <= (isCount(steps) ? COUNTED : most) && !steps.some(isSort);
    expect({ query, isFrugal, plan: told(steps) }).toEqual({ query, isFrugal: true, plan: told(steps) });
  }
}

async function deep(query: string): Promise<string> {
  let after = '';
  for (let page = 0; page < 30; page++) after = (await get(`${query}&items_per_page=100&after=${after}`)).next;
  return after;
}

const FILTERS = [
  'name=Name 77',
  'price_cents=77',
  'currency=EUR',
  'status=active',
  'weight_kg=1.125',
  'is_featured=true',
  'is_featured=false',
  'available_from_date=2021-01-01',
  'reviewed_at=2026-01-02T00:00:00Z',
  'external_uuid=0198f0a3-5f0e-7c1b-9d53-2f6a1c0b7e44',
  'category_id=1',
  'category_id[null]=true',
  'price_cents[gte]=0',
  'price_cents[gte]=65000',
  'price_cents[lt]=0',
  'price_cents[gt]=30000&price_cents[lt]=30100',
  'weight_kg[lte]=0',
  'weight_kg[null]=true',
  'weight_kg[null]=false',
  'available_from_date[lt]=2020-02-01',
  'reviewed_at[gte]=2026-01-01T00:00:00Z',
  'reviewed_at[lt]=2026-01-01T01:00:00Z',
];

test('every declared order is read from its index, and as little of it deep down', async () => {
  for (const sort of await ordersOf(api, PRODUCTS)) {
    const query = sort ? `sort=${sort}` : 'page=1';
    // All rows are counted once.
    await get(query);
    await expectFrugal(query);
    await expectFrugal(`${query}&after=${await deep(query)}`);
  }
});

test.each(FILTERS)('?%s is read from an index in its order', async (query) => {
  await expectFrugal(query);
});

test.each(['currency=EUR', 'price_cents[gte]=0', 'weight_kg[null]=true', 'currency=EUR&sort=-price_cents'])(
  '?%s costs no more deep down',
  async (query) => {
    await expectFrugal(query, 2 * PAGE);
    await expectFrugal(`${query}&after=${await deep(query)}`, 2 * PAGE);
  },
);

test.each([
  'search=everywhere',
  'search=everywhere&sort=price_cents',
  'search=everywhere -nowhere',
  'colors=common',
  'currency[in]=EUR,GBP,USD',
  'currency[in]=EUR,USD&status=active',
  'price_cents[gte]=0&sort=id',
  'price_cents[gte]=0&search=everywhere&colors=common',
])('?%s matches everything, and costs no more than its page', async (query) => {
  await expectFrugal(query, 4 * PAGE);
});

test.each([
  ['search=nowhere', 0],
  ['search=w77', 500],
  ['search="everywhere w77"', 200],
  ['search=the', 0],
  ['search=the -everywhere', 0],
  ['search=w77 or -everywhere', 0],
  ['colors=rare', 1_000],
  ['colors=none', 0],
  ['price_cents[lt]=0&sort=-id', 0],
  ['price_cents[lt]=2&sort=-id', 200],
  ['currency=EUR&price_cents[lt]=2&sort=id', 200],
  ['currency[in]=EUR&status=retired', 0],
])('?%s matches few, and looks at %d rows or so', async (query, rows) => {
  for (const steps of await plansOf(query)) {
    const isFrugal = mostRead(steps) <= 2 * rows + COUNTED;
    expect({ isFrugal, plan: told(steps) }).toEqual({ isFrugal: true, plan: told(steps) });
  }
});
