/** The export of what is stored of a user. */
import { PREFIX, refused, type User, writePost } from '../support/api.js';
import { type Lab, post } from '../support/lab/lab.js';
import { send } from '../support/raw.js';
import { follow } from './events.js';
import { ended } from './watch.js';

const COLUMNS = 'id, title, text, media_url, created_at, updated_at';

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

async function exported(user: User): Promise<string> {
  const { status, id, result } = await ended(user, await post(user, 'account_export'));
  expect({ status, result }).toMatchObject({ status: 'completed', result: { path: `/users/me/exports/${id}` } });
  return `${PREFIX}${(result as { path: string }).path}`;
}

export function exportsAccounts(lab: () => Lab): void {
  test('an export tells its progress, and has the account and all posts in order', async () => {
    const { api } = lab();
    const user = await api.signUp();
    await fill(lab(), user, 1_000, `"語🔑\\ ${'x'.repeat(10_000)}`);
    const path = await post(user, 'account_export');
    const { events } = await follow(api.program.url, path, user);
    const progress = events.map(({ data }) => data.progress);
    expect(progress.some((percent) => percent > 0 && percent < 100)).toBe(true);
    const { path: own } = events.at(-1)!.data.result as { path: string };
    const { account, posts, ...rest } = await download(lab(), PREFIX + own, user);
    expect(rest).toEqual({});
    const { body: me } = await user.agent.get(`${PREFIX}/users/me`).expect(200);
    expect(account).toMatchObject(me);
    const [row] = await api.database.query<{ hashed_password: string }>('SELECT * FROM "user" WHERE id = $1', [
      user.id,
    ]);
    expect(JSON.stringify(account)).not.toContain(row!.hashed_password);
    const stored = await api.database.query(
      `SELECT ${COLUMNS} FROM post WHERE created_by_user_id = $1 AND NOT is_deleted ORDER BY id`,
      [user.id],
    );
    expect(stored).toHaveLength(858);
    expect(posts).toEqual(JSON.parse(JSON.stringify(stored.map((one) => ({ ...one, id: Number(one.id) })))));
  });

  test('an export without posts has an empty list of them', async () => {
    const user = await lab().api.signUp();
    expect(await download(lab(), await exported(user), user)).toMatchObject({ account: { id: user.id }, posts: [] });
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
