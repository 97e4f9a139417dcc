/** Walks of lists that nobody can remove, and of the lab's. */
import { type Api, PREFIX, type User } from '../../support/api.js';
import { startLabApi } from '../../support/lab.js';
import { expectWalk, ordersOf, type WalkedList } from '../../support/list-walk.js';

let api: Api;
let root: User;
beforeAll(async () => {
  // A walk is to see what happens meanwhile.
  api = await startLabApi({ CACHE_ENABLED: 'false' });
  root = await api.superuser();
});
afterAll(() => api.stop());

let last = 0;

const inserting = (sql: string) => (count: number) => {
  const [from, to] = [last + 1, (last += count)];
  return api.database.query(`${sql} FROM generate_series($1::int, $2::int) n`, [from, to]);
};

const ACCOUNTS = `
  INSERT INTO "user" (name, username, email, hashed_password, created_at)
  SELECT 'Name', 'walker' || n, 'walker' || n || '@example.com', '', '2026-11-29Z'::timestamptz + n % 5 * '1 us'::interval`;
const TASKS = `INSERT INTO task (name, payload, owner_user_id, relayed_at) SELECT 'sample', '{}', 1, now()`;
const PRODUCTS = `
  INSERT INTO lab_product (sku, name, price_cents, currency, weight_kg, available_from_date, reviewed_at, created_by_user_id)
  SELECT 'sku ' || n, (ARRAY['', 'Ä', 'a b', 'Z', '😀'])[1 + n % 5], n * 7 % 5, 'EUR',
    CASE WHEN n % 3 > 0 THEN n * 7 % 4 / 8.0 END, CASE WHEN n % 2 > 0 THEN '2027-01-31'::date - n * 5 % 3 END,
    CASE WHEN n % 3 < 2 THEN '2026-11-29Z'::timestamptz + n * 3 % 4 * '1 us'::interval END, 1`;

const LISTS = (): Record<string, WalkedList> => ({
  users: { path: `${PREFIX}/users`, table: 'user', where: 'NOT is_deleted AND id > 1', insert: inserting(ACCOUNTS) },
  accounts: {
    path: `${PREFIX}/admin/users`,
    token: root.token,
    table: 'user',
    where: 'id > 1',
    insert: inserting(ACCOUNTS),
  },
  tasks: {
    path: `${PREFIX}/tasks`,
    token: root.token,
    table: 'task',
    where: 'owner_user_id = 1',
    insert: inserting(TASKS),
  },
  'tasks of all': {
    path: `${PREFIX}/admin/tasks`,
    token: root.token,
    table: 'task',
    where: 'true',
    insert: inserting(TASKS),
  },
  products: {
    path: `${PREFIX}/lab/products`,
    table: 'lab_product',
    where: 'NOT is_deleted',
    insert: inserting(PRODUCTS),
  },
});

test.each(['users', 'accounts', 'tasks', 'tasks of all', 'products'])(
  'walks of %s miss and repeat nothing, in any order',
  async (name) => {
    const list = LISTS()[name]!;
    for (const sort of await ordersOf(api, list.path)) await expectWalk(api, list, sort);
  },
);
