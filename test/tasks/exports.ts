/** The export of what is stored of a user. */
import { type Api, PREFIX, refused, type User } from '../support/api.js';
import { writePost } from '../posts/posts.js';
import { type Lab, post, run } from '../support/lab.js';
import { send } from '../support/raw.js';
import type { DomainFacts } from '../support/route-facts.js';
import { FACTS } from '../support/routes.js';
import { signIn } from '../support/sessions.js';
import { follow } from './events.js';
import { ended } from './watch.js';

const COLUMNS = 'id, title, text, media_url, created_at, updated_at, is_deleted, deleted_at';
const SESSION_COLUMNS =
  'id, created_at, updated_at, user_agent, ip, last_used_at, idle_expires_at, expires_at, revoked_at';

type Sections = NonNullable<DomainFacts['exported']>;
type Secrets = Record<string, string>;

/** So many posts, every seventh of them deleted. */
export async function fill({ api }: Pick<Lab, 'api'>, { id }: User, count: number, text: string): Promise<void> {
  await api.database.query(
    `INSERT INTO post (title, text, created_by_user_id, is_deleted)
     SELECT 'Title ' || n, $3 || n, $1, n % 7 = 0 FROM generate_series(1, $2::int) n`,
    [id, count, text],
  );
}

/** What the user has downloaded. */
async function download({ api }: Lab, path: string, { token }: User): Promise<Record<string, unknown>> {
  const { status, headers, text } = await send(api.program.url, { path, token });
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(headers['content-disposition']).toBe('attachment; filename="account.json"');
  expect(headers['cache-control']).toBe('no-store');
  return JSON.parse(text) as Record<string, unknown>;
}

/** As JSON has them. */
async function rowsOf(
  { database }: Api,
  table: string,
  columns: string,
  owner: string,
  { id }: User,
): Promise<object[]> {
  const select = `SELECT ${columns} FROM ${table} WHERE ${owner} = $1 ORDER BY id`;
  const rows = await database.query<{ id: string }>(select, [id]);
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
    await fill(lab(), user, 1_000, `"語🔑\\ ${'x'.repeat(10_000)}`);
    await run(user, 'sample', { message: 'before', seconds: 0 });
    const path = await post(user, 'account_export');
    const { events } = await follow(api.program.url, path, user);
    const progress = events.map(({ data }) => data.progress);
    expect(progress.some((percent) => percent > 0 && percent < 100)).toBe(true);
    const { path: own } = events.at(-1)!.data.result as { path: string };
    const { account, posts, sessions, tasks, ...rest } = await download(lab(), PREFIX + own, user);
    expect(Object.values(rest).flat()).toEqual([]);
    const { body: me } = await user.agent.get(`${PREFIX}/users/me`).expect(200);
    expect(account).toMatchObject(me);
    expect(posts).toEqual(await rowsOf(api, 'post', COLUMNS, 'created_by_user_id', user));
    expect(posts).toHaveLength(1_000);
    expect(sessions).toEqual(await rowsOf(api, 'auth_session', SESSION_COLUMNS, 'user_id', user));
    expect(sessions).toMatchObject([{ revoked_at: expect.any(String) }, { revoked_at: null }, { revoked_at: null }]);
    expect(tasks).toMatchObject([
      { name: 'sample', status: 'completed', payload: { message: 'before' }, result: 'Task before is complete!' },
      { name: 'account_export', status: 'active' },
    ]);
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
    const ofLab = { lab_product: 'lab_products', lab_product_tag: { none: 'only says which tags a product has' } };
    const told = Object.assign({}, ofLab, ...Object.values(FACTS).map((facts) => facts.exported)) as Sections;
    const sections = Object.values(told).filter((section) => typeof section === 'string');
    expect(Object.keys(lists).toSorted()).toEqual(sections.toSorted());
    const tables = await api.database.query<{ name: string }>(
      `WITH RECURSIVE belonging AS (
         SELECT '"user"'::regclass::oid AS id
         UNION SELECT conrelid FROM pg_constraint JOIN belonging ON confrelid = belonging.id WHERE contype = 'f'
       ) SELECT relname AS name FROM belonging JOIN pg_class ON oid = id WHERE relname <> 'user' ORDER BY 1`,
    );
    expect(tables.map(({ name }) => name)).toEqual(Object.keys(told).toSorted());
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
    await writePost(user);
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
