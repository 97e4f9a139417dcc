/** Tasks that run on a schedule, here when a suite says so. */
import { leave } from '../support/api.js';
import { type Lab } from '../support/lab.js';
import { until } from '../support/program.js';
import { signIn } from '../support/sessions.js';

/** Queues a task as its schedule does; its result. */
export async function runNow({ api }: Pick<Lab, 'api'>, name: string): Promise<unknown> {
  const [row] = await api.database.query<{ id: string }>(
    `INSERT INTO task (name, payload) VALUES ($1, '{}') RETURNING id`,
    [name],
  );
  const sql = 'SELECT result FROM task WHERE id = $1 AND finished_at IS NOT NULL';
  await until(async () => (await api.database.query(sql, [row!.id])).length === 1);
  return (await api.database.query<{ result: unknown }>(sql, [row!.id]))[0]!.result;
}

export function cleansUp(lab: () => Lab): void {
  test('tasks are deleted when they have been kept for their time', async () => {
    const { api } = lab();
    const owner = await api.signUp();
    await api.database.query(
      `INSERT INTO task (name, payload, owner_user_id, status, relayed_at, expires_at)
       SELECT 'sample', '{}', $1, 'completed', now(), now() + make_interval(secs => 10 * sign(n - 1500.5))
       FROM generate_series(1, 1502) n`,
      [owner.id],
    );
    await api.database.query(
      `INSERT INTO task (name, payload, owner_user_id, status) VALUES ('lab_pauses', '{}', $1, 'cancelled')`,
      [owner.id],
    );
    await runNow(lab(), 'expired_tasks');
    const [row] = await api.database.query('SELECT count(*)::int FROM task WHERE owner_user_id = $1', [owner.id]);
    expect(row).toEqual({ count: 3 });
  });

  test('sessions are deleted a day after they have ended, however they did', async () => {
    const { api } = lab();
    const { id, username } = await api.signUp();
    for (let n = 0; n < 6; n++) await signIn(api.program.url, username);
    const sessions = () =>
      api.database.query<{ id: string }>('SELECT id FROM auth_session WHERE user_id = $1 ORDER BY id', [id]);
    const all = await sessions();
    const ways = ['expires_at', 'idle_expires_at', 'revoked_at'].flatMap((way) =>
      [25, 23].map((hours) => [way, hours]),
    );
    for (const [index, [way, hours]] of ways.entries()) {
      const sql = `UPDATE auth_session SET ${way} = now() - make_interval(hours => $2) WHERE id = $1`;
      await api.database.query(sql, [all[index]!.id, hours]);
    }
    expect(await runNow(lab(), 'expired_sessions')).toEqual({ deleted: 3 });
    expect(await sessions()).toEqual([all[1], all[3], all[5], all[6]]);
  });

  test('wrong passwords are forgotten a day after the last one', async () => {
    const { api } = lab();
    await api.database.query(
      `INSERT INTO auth_failure SELECT 'address ' || age, 9, now() - age::interval, now() - age::interval
       FROM unnest(ARRAY['23 hours', '25 hours']) AS age`,
    );
    await runNow(lab(), 'expired_sessions');
    const keys = await api.database.query(`SELECT key FROM auth_failure WHERE key LIKE '%hours'`);
    expect(keys).toEqual([{ key: 'address 23 hours' }]);
  });

  test('deleted accounts are purged after 30 days, with what hangs on them, and their names are free', async () => {
    const { api } = lab();
    const [staying, recent, gone] = [await api.signUp(), await api.signUp(), await api.signUp()];
    await api.database.query(
      `INSERT INTO task (name, payload, owner_user_id, status) VALUES ('x', '{}', $1, 'failed')`,
      [gone.id],
    );
    for (const user of [recent, gone]) await leave(user).expect(204);
    const age = `UPDATE "user" SET deleted_at = now() - make_interval(hours => $2) WHERE id = $1`;
    await api.database.query(age, [recent.id, 24 * 30 - 1]);
    await api.database.query(age, [gone.id, 24 * 30 + 1]);
    expect(await runNow(lab(), 'deleted_accounts')).toEqual({ purged: 1 });
    const ids = [staying.id, recent.id, gone.id];
    const left = await api.database.query('SELECT id::int FROM "user" WHERE id = ANY($1) ORDER BY id', [ids]);
    expect(left).toEqual([{ id: staying.id }, { id: recent.id }]);
    expect(await api.database.query('SELECT FROM task WHERE owner_user_id = $1', [gone.id])).toEqual([]);
    await api.signUp({ username: gone.username, email: gone.email });
  });
}
