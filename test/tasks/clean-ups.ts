/** Tasks that run on a schedule, here when a suite says so. */
import { type Lab } from '../support/lab/lab.js';
import { until } from '../support/program.js';
import { signIn } from '../support/sessions.js';

/** Queues a task as its schedule does; its result. */
export async function runNow({ api }: Lab, name: string): Promise<unknown> {
  const [row] = await api.database.query<{ id: string }>(
    `INSERT INTO task (name, payload) VALUES ($1, '{}') RETURNING id`,
    [name],
  );
  const sql = 'SELECT result FROM task WHERE id = $1 AND finished_at IS NOT NULL';
  await until(async () => (await api.database.query(sql, [row!.id])).length === 1, 20_000);
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

  test('sessions are deleted a month after they have ended', async () => {
    const { api } = lab();
    const { id, username } = await api.signUp();
    for (let n = 0; n < 3; n++) await signIn(api.program.url, username);
    const sessions = () =>
      api.database.query<{ id: string }>('SELECT id FROM auth_session WHERE user_id = $1 ORDER BY id', [id]);
    const [first, second, ...kept] = await sessions();
    const age = 'UPDATE auth_session SET expires_at = now() - make_interval(days => $2) WHERE id = $1';
    await api.database.query(age, [first!.id, 31]);
    await api.database.query(age, [second!.id, 29]);
    expect(await runNow(lab(), 'expired_sessions')).toEqual({ deleted: 1 });
    expect(await sessions()).toEqual([second, ...kept]);
  });
}
