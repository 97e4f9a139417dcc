/** Products of the lab, for suites that need rows, lists and cached reads of any kind. */
import { type Api, PREFIX, type User } from './api.js';

export interface Product {
  id: number;
  name: string;
}

export const PRODUCTS = '/lab/products';
export const LOCK_PRODUCTS = 'LOCK TABLE lab_product IN ACCESS EXCLUSIVE MODE';
const NEEDED = 'sku, name, price_cents, currency, created_by_user_id';
const SKU = 'left(md5(random()::text), 20)';
let made = 0;

export const readNames = async (database: Api['database']) =>
  (await database.query<{ name: string }>('SELECT name FROM lab_product')).map(({ name }) => name);

/** Its path, without the prefix. */
export const pathOf = ({ id }: Pick<Product, 'id'>) => `${PRODUCTS}/${id}`;

export function newProduct(fields: object = {}): object {
  return { sku: `made-${++made}`, name: 'A name', price_cents: 1, currency: 'EUR', ...fields };
}

/** Makes a product in the name of the user; what is not given is made up. */
export async function makeProduct({ agent }: Pick<User, 'agent'>, fields: object = {}): Promise<Product> {
  const { body } = await agent
    .post(PREFIX + PRODUCTS)
    .send(newProduct(fields))
    .expect(201);
  return body as Product;
}

/** Makes so many products as long as the text is, which is SQL for the `n`th; every seventh is deleted, if asked for. */
export async function fillProducts(
  { database }: Pick<Api, 'database'>,
  { id }: Pick<User, 'id'>,
  count: number,
  text: string,
  { haveDeleted = false } = {},
): Promise<void> {
  await database.query(
    `INSERT INTO lab_product (${NEEDED}, attributes, is_deleted)
     SELECT ${SKU}, 'Product', 1, 'EUR', $1, jsonb_build_object('text', ${text}), $3 AND n % 7 = 0
     FROM generate_series(1, $2::int) n`,
    [id, count, haveDeleted],
  );
}
