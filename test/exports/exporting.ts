/** The export of what is stored of a user. */
import { type Api, PREFIX, refused, type User } from '../support/api.js';
import { type Lab, post, run } from '../support/lab.js';
import { fillProducts, makeProduct } from '../support/products.js';
import { send } from '../support/raw.js';
import type { DomainFacts } from '../support/route-facts.js';
import { FACTS } from '../support/routes.js';
import { newScene } from '../support/scenes.js';
import { signIn } from '../support/sessions.js';
import { follow } from '../tasks/events.js';
import { ended } from '../tasks/watch.js';

const PRODUCTS = `
  SELECT id, name, attributes, created_at, updated_at,
    (SELECT json_build_object('id', c.id, 'name', c.name) FROM lab_category c WHERE c.id = category_id) AS category,
    (SELECT json_build_object('id', u.id, 'username', username) FROM "user" u WHERE u.id = $1) AS creator
  FROM lab_product WHERE created_by_user_id = $1`;
const OF_LAB = { lab_product: 'lab_products', lab_product_tag: { none: 'only says which tags a product has' } };
type Sections = NonNullable<DomainFacts['exported']>;
type Secrets = Record<string, string>;

const TOLD = Object.assign({}, OF_LAB, ...Object.values(FACTS).map((facts) => facts.exported)) as Sections;
const LISTS = Object.values(TOLD).flatMap((one) => (typeof one === 'object' && 'list' in one ? [one] : []));

/** What the user has downloaded. */
async function download({ api }: Lab, path: string, { token }: User): Promise<Record<string, unknown>> {
  const { status, headers, text } = await send(api.program.url, { path, token });
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(headers['content-disposition']).toBe('attachment; filename="account.json"');
  expect(headers['cache-control']).toBe('no-store');
  return JSON.parse(text) as Record<string, unknown>;
}

/** What a statement gives of a user, in the order of ids and as JSON has it. */
async function rowsOf({ database }: Api, select: string, { id }: User): Promise<object[]> {
  const rows = await database.query<{ id: string }>(`${select} ORDER BY id`, [id]);
  return JSON.parse(JSON.stringify(rows.map((row) => ({ ...row, id: Number(row.id) })))) as object[];
}

async function exported(user: User): Promise<string> {
  const { status, id, result } = await ended(user, await post(user, 'account_export'));
  expect({ status, result }).toMatchObject({ status: 'completed', result: { path: `/users/me/exports/${id}` } });
  return `${PREFIX}${(result as { path: string }).path}`;
}

export function exportsAccounts(lab: () => Lab): void {
  test('an export tells its progress, and has the account and all that belongs to it, in order', async () => {
    const { api } = lab();
    const user = await api.signUp();
    await signIn(api.program.url, user.username);
    await user.agent.post(`${PREFIX}/auth/logout`).expect(204);
    user.token = (await signIn(api.program.url, user.username)).access_token;
    user.agent.auth(user.token, { type: 'bearer' });
    await fillProducts(api, user, 1_000, `'"語🔑\\ ' || repeat('x', 10000) || n`, { haveDeleted: true });
    await api.database.query(`INSERT INTO lab_category (name) VALUES ('Bicycles')`);
    await api.database.query(
      'UPDATE lab_product SET category_id = lab_category.id FROM lab_category WHERE lab_product.id % 2 = 0',
    );
    await run(user, 'sample', { message: 'before', seconds: 0 });
    const path = await post(user, 'account_export');
    const { events } = await follow(api.program.url, path, user);
    const progress = events.map(({ data }) => data.progress);
    expect(progress.some((percent) => percent > 0 && percent < 100)).toBe(true);
    const { path: own } = events.at(-1)!.data.result as { path: string };
    const { account, lab_products: products, sessions, tasks } = await download(lab(), PREFIX + own, user);
    const { permissions: _, ...me } = (await user.agent.get(`${PREFIX}/users/me`).expect(200)).body;
    expect(account).toMatchObject(me);
    expect(products).toMatchObject(await rowsOf(api, PRODUCTS, user));
    expect(products).toHaveLength(1_000);
    expect(sessions).toMatchObject([{ revoked_at: expect.any(String) }, { revoked_at: null }, { revoked_at: null }]);
    expect(tasks).toMatchObject([
      { name: 'sample', status: 'completed', payload: { message: 'before' }, result: 'Task before is complete!' },
      { name: 'account_export', status: 'active' },
    ]);
  });

  test('an export has what each domain says', async () => {
    const { api, root } = lab();
    const scene = await newScene(api, root);
    for (const { row } of LISTS) await scene.value(row);
    const lists = await download(lab(), await exported(scene.user), scene.user);
    for (const { list, select } of LISTS) {
      const rows = await rowsOf(api, select, scene.user);
      expect(rows.length).toBeGreaterThan(0);
      expect({ list, rows: lists[list] }).toMatchObject({ list, rows });
    }
  });

  test('an export has no secret', async () => {
    const { api } = lab();
    const user = await api.signUp();
    const text = JSON.stringify(await download(lab(), await exported(user), user));
    const [account] = await api.database.query<Secrets>('SELECT hashed_password FROM "user" WHERE id = $1', [user.id]);
    const [session] = await api.database.query<Secrets>(
      'SELECT family_hash, token_hash FROM auth_session WHERE user_id = $1',
      [user.id],
    );
    for (const secret of Object.values({ ...account, ...session })) expect(text).not.toContain(secret);
  });

  // A table that is added has to become a part of exports, or to have a reason in the facts of its domain.
  test('every table that belongs to users is in an export, or there is a reason', async () => {
    const { api } = lab();
    const user = await api.signUp();
    const { account: _, ...lists } = await download(lab(), await exported(user), user);
    const told = Object.values(TOLD).map((one) => (typeof one === 'string' ? one : 'list' in one && one.list));
    expect(Object.keys(lists).toSorted()).toEqual(told.filter(Boolean).toSorted());
    const tables = await api.database.query<{ name: string }>(
      `WITH RECURSIVE belonging AS (
         SELECT '"user"'::regclass::oid AS id
         UNION SELECT conrelid FROM pg_constraint JOIN belonging ON confrelid = belonging.id WHERE contype = 'f'
       ) SELECT relname AS name FROM belonging JOIN pg_class ON oid = id WHERE relname <> 'user' ORDER BY 1`,
    );
    expect(tables.map(({ name }) => name)).toEqual(Object.keys(TOLD).toSorted());
  });

  test('who asks again while an export is new, is answered with it', async () => {
    const { api } = lab();
    const user = await api.signUp();
    const both = await Promise.all([post(user, 'account_export'), post(user, 'account_export')]);
    expect(both[0]).toBe(both[1]);
    await ended(user, both[0]);
    expect(await post(user, 'account_export')).toBe(both[0]);
    expect(await post(await api.signUp(), 'account_export')).not.toBe(both[0]);
  });

  test('the next export takes the place of the one before', async () => {
    const { api } = lab();
    const user = await api.signUp();
    const first = await exported(user);
    await api.database.query(`UPDATE task SET finished_at = now() - interval '11 minutes' WHERE owner_user_id = $1`, [
      user.id,
    ]);
    const second = await exported(user);
    expect(second).not.toBe(first);
    await refused(user.agent.get(first), 404, 'export_not_found');
    await download(lab(), second, user);
    const kept = await api.database.query(
      'SELECT DISTINCT task_id::int FROM user_export_part JOIN task ON id = task_id WHERE owner_user_id = $1',
      [user.id],
    );
    expect(kept).toEqual([{ task_id: Number(second.split('/').at(-1)) }]);
  });

  test.each(['failed', 'cancelled'])('an export that was %s does not keep from the next one', async (status) => {
    const { api } = lab();
    const user = await api.signUp();
    const first = await exported(user);
    await api.database.query('UPDATE task SET status = $2 WHERE owner_user_id = $1', [user.id, status]);
    expect(await exported(user)).not.toBe(first);
  });

  test('an export is for its owner alone, and only once it is complete', async () => {
    const { api, root } = lab();
    const [user, other] = [await api.signUp(), await api.signUp()];
    await makeProduct(user);
    const path = await exported(user);
    await refused(other.agent.get(path), 404, 'export_not_found');
    await refused(root.agent.get(path), 404, 'export_not_found');
    await refused(api.http.get(path), 401, 'not_signed_in');
    const id = path.split('/').at(-1);
    await api.database.query(`UPDATE task SET status = 'active' WHERE id = $1`, [id]);
    await refused(user.agent.get(path), 404, 'export_not_found');
    await api.database.query(`UPDATE task SET status = 'completed', name = 'sample' WHERE id = $1`, [id]);
    await refused(user.agent.get(path), 404, 'export_not_found');
  });

  test('an export is gone with its task', async () => {
    const { api } = lab();
    const user = await api.signUp();
    const path = await exported(user);
    const id = path.split('/').at(-1);
    await api.database.query('DELETE FROM task WHERE id = $1', [id]);
    await refused(user.agent.get(path), 404, 'export_not_found');
    expect(await api.database.query('SELECT 1 FROM user_export_part WHERE task_id = $1', [id])).toEqual([]);
  });
}
