/** Writes that products need, over HTTP: many at once, by key, by how much, only if, many-to-many, and figures. */
import { type Api, PREFIX, refused, type User } from '../../support/api.js';
import { useLabApi } from '../../support/lab.js';

const LAB = `${PREFIX}/lab`;
const NEEDED = { name: 'Rover', price_cents: 12_900, currency: 'EUR' };

let api: Api;
let ada: User;
let counter = 0;
beforeAll(async () => {
  api = await useLabApi();
  ada = await api.signUp();
});
afterAll(() => api.stop());

const newProduct = (fields: object = {}) => ({ sku: `W-${++counter}`, ...NEEDED, ...fields });

interface Product {
  id: number;
  sku: string;
  stock: number;
  status: string;
}

async function created(fields: object = {}): Promise<Product> {
  const { body } = await ada.agent.post(`${LAB}/products`).send(newProduct(fields)).expect(201);
  return body as Product;
}

async function countOf(table: string): Promise<number> {
  const [row] = await api.database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
  return row!.count;
}

describe('many rows', () => {
  const batch = (products: object[], user = ada) => user.agent.post(`${LAB}/product-batches`).send({ products });

  test('are created at once, and answered in their order', async () => {
    const products = [newProduct({ colors: ['red'] }), newProduct({ weight_kg: '1.5' }), newProduct()];
    const { body } = await batch(products).expect(201);
    expect(body.data).toMatchObject([products[0], { sku: products[1]!.sku, weight_kg: '1.500' }, products[2]]);
  });

  test('are all refused with one of them', async () => {
    const before = await countOf('lab_product');
    const taken = newProduct();
    await refused(batch([newProduct(), taken, taken]), 409, 'sku_taken');
    await refused(batch([newProduct(), newProduct({ category_id: 999 })]), 404, 'category_not_found');
    expect(await countOf('lab_product')).toBe(before);
  });

  test.each([
    ['none', [], 'products'],
    ['too many', Array.from({ length: 101 }, () => ({})), 'products'],
    ['none of which is a list', {}, 'products'],
    ['one that is no object', [1], 'products'],
    ['one that is a list', [[]], 'products'],
  ])('that are %s are refused, by their name', async (_, products, field) => {
    const { body } = await refused(batch(products as object[]), 422, 'validation_failed');
    expect(body.errors).toMatchObject([{ field }]);
  });

  test('of which one is wrong are refused with its place', async () => {
    const { body } = await refused(batch([newProduct(), newProduct({ stock: 'many' })]), 422, 'validation_failed');
    expect(body.errors).toMatchObject([{ field: 'products.1.stock' }]);
  });
});

describe('a row by its key', () => {
  const put = (sku: string, fields: object = {}, user = ada) =>
    user.agent.put(`${LAB}/skus/${sku}`).send({ ...NEEDED, ...fields });

  test('is created, then changed, and stays whose it is', async () => {
    const sku = `K-${++counter}`;
    const { body: first } = await put(sku, { stock: 1 }).expect(201);
    const { body: second } = await put(sku, { price_cents: 1 }, await api.signUp()).expect(200);
    expect(second).toEqual({ ...first, price_cents: 1, updated_at: second.updated_at });
    expect(second.updated_at > first.updated_at).toBe(true);
  });

  test('comes back if it was deleted', async () => {
    const { id, sku } = await created();
    await ada.agent.delete(`${LAB}/products/${id}`).expect(204);
    await put(sku, { name: 'Back' }).expect(200);
    const { body } = await api.http.get(`${LAB}/products/${id}`).expect(200);
    expect(body).toMatchObject({ sku, name: 'Back' });
  });

  test('is one, however many create it at once', async () => {
    const sku = `K-${++counter}`;
    const answers = await Promise.all(Array.from({ length: 8 }, (_, stock) => put(sku, { stock })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id as number)).size).toBe(1);
  });

  test('is refused for other constraints as usual', async () => {
    await refused(put(`K-${++counter}`, { category_id: 999 }), 404, 'category_not_found');
  });
});

describe('a number', () => {
  const change = (id: number, by: unknown) => ada.agent.post(`${LAB}/products/${id}/stock`).send({ by });

  test('grows by what everybody adds at once, and no update is lost', async () => {
    const { id } = await created({ stock: 10 });
    await Promise.all(Array.from({ length: 8 }, () => change(id, 2).expect(200)));
    expect((await change(id, 0)).body).toMatchObject({ stock: 26 });
  });

  test('is never taken below what there is, however many take at once', async () => {
    const { id } = await created({ stock: 5 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => change(id, -2)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 409, 409, 409, 409, 409, 409]);
    await refused(change(id, -2), 409, 'out_of_stock');
    expect((await change(id, 0)).body).toMatchObject({ stock: 1 });
  });

  test('of nothing is not found, and of a deleted product neither', async () => {
    await refused(change(999_999, 1), 404, 'product_not_found');
    const { id } = await created();
    await ada.agent.delete(`${LAB}/products/${id}`).expect(204);
    await refused(change(id, 1), 404, 'product_not_found');
  });

  test('that grows too large is refused', async () => {
    const { id } = await created();
    await api.database.query('UPDATE lab_product SET stock = 2147483647 WHERE id = $1', [id]);
    await refused(change(id, 1), 422, 'validation_failed');
  });
});

describe('a change with a condition', () => {
  const change = (id: number, from: string, to: string) =>
    ada.agent.post(`${LAB}/products/${id}/status`).send({ from, to });

  test('is made if it holds, else refused, and once however many try', async () => {
    const { id } = await created();
    const answers = await Promise.all(Array.from({ length: 6 }, () => change(id, 'draft', 'active')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412, 412, 412]);
    await refused(change(id, 'draft', 'retired'), 412, 'other_status');
    expect((await api.http.get(`${LAB}/products/${id}`)).body).toMatchObject({ status: 'active' });
  });

  test('of nothing is not found', async () => {
    await refused(change(999_999, 'draft', 'active'), 404, 'product_not_found');
  });
});

describe('many-to-many', () => {
  const tag = async () =>
    (
      await ada.agent
        .post(`${LAB}/tags`)
        .send({ name: `Tag ${++counter}` })
        .expect(201)
    ).body;
  const replace = (id: number, tag_ids: unknown) => ada.agent.put(`${LAB}/products/${id}/tags`).send({ tag_ids });
  const namesOf = async (id: number) => {
    const { body } = await ada.agent.get(`${LAB}/products/${id}/tags`).expect(200);
    return (body.data as { tag: { name: string } }[]).map((one) => one.tag.name);
  };

  test('rows are replaced, in one transaction', async () => {
    const [{ id }, one, two, three] = [await created(), await tag(), await tag(), await tag()];
    await replace(id, [one.id, two.id]).expect(200);
    expect(await namesOf(id)).toEqual([two.name, one.name]);
    await replace(id, [three.id, one.id]).expect(200);
    expect(await namesOf(id)).toEqual([one.name, three.name]);
    await refused(replace(id, [two.id, 999_999]), 404, 'tag_not_found');
    expect(await namesOf(id)).toEqual([one.name, three.name]);
    await replace(id, []).expect(200);
    expect(await namesOf(id)).toEqual([]);
  });

  test('who replaces at the same time waits', async () => {
    const [{ id }, one, two] = [await created(), await tag(), await tag()];
    const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => replace(id, n % 2 ? [one.id] : [two.id])));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(await namesOf(id)).toHaveLength(1);
  });
});

test('figures are computed over all rows, and over none', async () => {
  const figures = async () => (await ada.agent.get(`${LAB}/figures`).expect(200)).body;
  await api.database.query('DELETE FROM lab_product');
  expect(await figures()).toEqual({
    stock: 0,
    weight_kg: '0',
    cheapest_cents: null,
    last_available_date: null,
    statuses: [],
  });
  await created({ stock: 3, weight_kg: '0.1', price_cents: 500, status: 'active', available_from_date: '2027-01-31' });
  await created({ stock: 4, weight_kg: '0.2', price_cents: 400, status: 'active', available_from_date: '0099-12-31' });
  await created({ stock: 5, price_cents: 300, status: 'retired', available_from_date: '2030-01-01' });
  const { id } = await created({ stock: 6, price_cents: 100 });
  await ada.agent.delete(`${LAB}/products/${id}`).expect(204);
  expect(await figures()).toEqual({
    stock: 7,
    weight_kg: '0.300',
    cheapest_cents: 400,
    last_available_date: '2027-01-31',
    statuses: [
      { value: 'active', count: 2 },
      { value: 'retired', count: 1 },
    ],
  });
});
