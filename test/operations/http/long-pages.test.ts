/** How much one answer may hold. */
import { holdLocks, waitingForLocks } from '../../support/locks.js';
import { startLabApi } from '../../support/lab.js';
import { LOCK_PRODUCTS, PRODUCTS } from '../../support/products.js';
import { until } from '../../support/program.js';
import { type Api, PREFIX, refused, type User } from '../../support/api.js';

const MAX_BYTES = 64 * 1024;

let api: Api;
let ada: User;
beforeAll(async () => {
  const CONCURRENT_REQUESTS_PER_ADDRESS = '100';
  api = await startLabApi({
    ANSWER_MAX_BYTES: String(MAX_BYTES),
    CACHE_ENABLED: 'false',
    CONCURRENT_REQUESTS_PER_ADDRESS,
  });
  ada = await api.signUp({ username: 'ada' });
});
afterAll(() => api.stop());

interface Page {
  data: { id: number }[];
  has_more: boolean;
  next: string | null;
  total_count: number;
}

/** Has only products with these texts be there; their ids, newest first. */
async function write(texts: string[]): Promise<number[]> {
  await api.database.query('DELETE FROM lab_product');
  const rows = await api.database.query<{ id: string }>(
    `INSERT INTO lab_product (sku, name, price_cents, currency, attributes, created_by_user_id)
     SELECT nth::text, 'Product', 1, 'EUR', jsonb_build_object('text', text), $2 FROM unnest($1::text[]) WITH ORDINALITY AS t(text, nth)
     ORDER BY nth RETURNING id`,
    [texts, ada.id],
  );
  return rows.map(({ id }) => Number(id)).toReversed();
}

/** Walks a list to its end; the ids of each page, and how many bytes it had. */
async function walk(path: string, items_per_page: number): Promise<{ ids: number[]; bytes: number }[]> {
  const pages: { ids: number[]; bytes: number }[] = [];
  for (let after: string | null = ''; after !== null;) {
    const { body, text }: { body: Page; text: string } = await api.http
      .get(PREFIX + path)
      .query({ after, items_per_page })
      .expect(200);
    expect(body.has_more).toBe(body.next !== null);
    pages.push({ ids: body.data.map(({ id }) => id), bytes: Buffer.byteLength(text) });
    after = body.next;
  }
  return pages;
}

const KINDS = {
  letters: 'a',
  'letters of two bytes': 'é',
  'letters of three bytes': '語',
  'signs of four bytes': '🙂',
  quotes: '"',
  'line ends': '\n',
  'control characters, which JSON writes as six': '\u0001',
};

describe.each([PRODUCTS, `${PRODUCTS}?currency=EUR`])('%s', (path) => {
  test.each(Object.entries(KINDS))('of %s is walked in pages that are not too large', async (_, sign) => {
    const ids = await write(Array.from({ length: 30 }, (__, index) => sign.repeat(1 + 150 * index)));
    const pages = await walk(path, 100);
    expect(pages.flatMap((page) => page.ids)).toEqual(ids);
    expect(pages.filter((page) => page.bytes > MAX_BYTES && page.ids.length > 1)).toEqual([]);
    // Neither are they smaller than they have to be.
    const half = pages.slice(0, -1).filter(({ bytes }) => bytes < MAX_BYTES / 2);
    expect(half).toEqual([]);
  });

  test('each page has one row, however large that is', async () => {
    const ids = await write(Array.from({ length: 4 }, () => '\u0001'.repeat(63_206)));
    expect((await walk(path, 100)).map((page) => page.ids)).toEqual(ids.map((id) => [id]));
    const { body } = await api.http
      .get(PREFIX + path)
      .query({ items_per_page: 1, page: 2 })
      .expect(200);
    expect(body).toMatchObject({ data: [{ id: ids[1] }], has_more: true, page: 2, total_count: 4 });
  });

  test('a page by number that is too large is refused, and says what helps', async () => {
    const ids = await write(Array.from({ length: 10 }, () => 'a'.repeat(20_000)));
    const { body } = await refused(api.http.get(PREFIX + path).query({ items_per_page: 4 }), 422, 'page_too_large');
    expect(body.errors).toEqual([{ field: 'items_per_page', message: expect.stringContaining('after') }]);
    for (const page of [1, 2, 3, 4]) {
      const { body: fits } = await api.http
        .get(PREFIX + path)
        .query({ page, items_per_page: 3 })
        .expect(200);
      expect(fits.data.map(({ id }: { id: number }) => id)).toEqual(ids.slice(3 * page - 3, 3 * page));
      expect(fits).toMatchObject({ has_more: page < 4, page, items_per_page: 3, total_count: 10 });
      expect(Object.keys(fits.data[0])).not.toContain('found');
    }
  });

  test('nothing is an empty page', async () => {
    await write([]);
    const { body } = await api.http
      .get(PREFIX + path)
      .query({ items_per_page: 100 })
      .expect(200);
    expect(body).toMatchObject({ data: [], has_more: false, total_count: 0 });
  });
});

test('two large pages at once leave the other connections for what is quick', async () => {
  await write(Array.from({ length: 30 }, () => 'a'.repeat(1_000)));
  const release = await holdLocks(api.database, LOCK_PRODUCTS);
  const large = Array.from({ length: 6 }, (_, index) =>
    api.http.get(`${PREFIX}${PRODUCTS}?items_per_page=${20 + index}`).expect(200),
  );
  const sent = Promise.all(large);
  await until(async () => (await waitingForLocks(api.database)) > 0);
  await ada.agent.get(`${PREFIX}/users/me`).expect(200);
  // Each with its count.
  expect(await waitingForLocks(api.database)).toBeLessThanOrEqual(4);
  await release();
  await sent;
});

test('results of tasks are measured too', async () => {
  await api.database.query(
    `INSERT INTO task (name, payload, owner_user_id, status, result, relayed_at)
     SELECT 'sample', '{}', $1, 'completed', to_jsonb(repeat('a', 10000)), now() FROM generate_series(1, 10)`,
    [ada.id],
  );
  await refused(ada.agent.get(`${PREFIX}/tasks`), 422, 'page_too_large');
  const { body, text } = await ada.agent.get(`${PREFIX}/tasks?after=`).expect(200);
  expect(body).toMatchObject({ has_more: true, next: expect.any(String) });
  expect(body.data.length).toBeGreaterThan(4);
  expect(text.length).toBeLessThan(MAX_BYTES);
});
