/** Tasks that are cancelled while they run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PASSWORD, PREFIX, refused, type User } from '../support/api.js';
import { effectsOf, type Lab, post, runsOf } from '../support/lab.js';
import { until } from '../support/program.js';
import { ended } from './watch.js';

const LONG = { message: 'long', seconds: 600 };

type Cancel = (lab: Lab, path: string, owner: User) => PromiseLike<unknown>;

const WAYS: [string, Cancel][] = [
  ['its owner', (_, path, owner) => owner.agent.delete(path).expect(204)],
  ['a superuser', ({ root }, path) => root.agent.delete(path).expect(204)],
  [
    'a superuser, at its admin path',
    ({ root }, path) => root.agent.delete(path.replace('/tasks/', '/admin/tasks/')).expect(204),
  ],
  // As if the notification had got lost.
  [
    'a row that changes in silence',
    ({ api }, path) =>
      api.database.query(`UPDATE task SET status = 'cancelled', finished_at = now() WHERE id = $1`, [
        path.split('/').at(-1),
      ]),
  ],
];

const LEAVING: [string, (lab: Lab, user: User) => PromiseLike<unknown>][] = [
  [
    'deletes the account',
    (_, { agent, username }) =>
      agent.delete(`${PREFIX}/users/${username}`).send({ current_password: PASSWORD }).expect(204),
  ],
  ['is purged', ({ root }, { username }) => root.agent.delete(`${PREFIX}/admin/users/${username}`).expect(204)],
  // As whatever else deletes rows does.
  ['is gone', ({ api }, { id }) => api.database.query('DELETE FROM "user" WHERE id = $1', [id])],
];

export function cancelsWhatRuns(lab: () => Lab): void {
  test.each(WAYS)('a running task that %s cancels stops, for good', async (_, cancel) => {
    const user = await lab().api.signUp();
    const path = await begun(user, 'sample', LONG);
    await cancel(lab(), path, user);
    expect(await ended(user, path)).toMatchObject({
      status: 'cancelled',
      result: null,
      finished_at: expect.any(String),
    });
    await refused(user.agent.delete(path), 409, 'task_ended');
  });

  test('a cancelled task hears the signal, and its place is free at once', async () => {
    const { user } = lab();
    // One at a time: the next begins when the place is free.
    const path = await begun(user, 'lab_alone', { milliseconds: 60_000 });
    const next = await post(user, 'lab_alone');
    await user.agent.delete(path).expect(204);
    expect(await ended(user, next)).toMatchObject({ status: 'completed' });
    expect((await runsOf(lab(), path)).map(({ ended_at }) => ended_at)).toEqual([null]);
  });

  test('what a cancelled task does that listens to nobody has no effect', async () => {
    const { user } = lab();
    const path = await begun(user, 'lab_stubborn');
    await until(async () => (await effectsOf(lab(), path)) > 2);
    await user.agent.delete(path).expect(204);
    const [task, effects] = [(await user.agent.get(path)).body, await effectsOf(lab(), path)];
    expect(task).toMatchObject({ status: 'cancelled' });
    await sleep(500);
    expect([(await user.agent.get(path)).body, await effectsOf(lab(), path)]).toEqual([task, effects]);
    expect(await runsOf(lab(), path)).toHaveLength(1);
  });

  test('whoever cancels a task waits for an effect that it is about to have', async () => {
    const { user } = lab();
    const path = await post(user, 'lab_slow_effect');
    await until(async () => (await runsOf(lab(), path)).length === 1);
    await sleep(300);
    await user.agent.delete(path).expect(204);
    expect(await effectsOf(lab(), path)).toBe(1);
    expect((await user.agent.get(path)).body.status).toBe('cancelled');
  });

  test.each(LEAVING)('the tasks of a user who %s are cancelled', async (_, leave) => {
    const user = await lab().api.signUp();
    const path = await begun(user, 'lab_alone', { milliseconds: 60_000 });
    const waiting = await post(user, 'lab_alone');
    await leave(lab(), user);
    const next = await post(lab().user, 'lab_alone');
    expect(await ended(lab().user, next)).toMatchObject({ status: 'completed' });
    expect((await runsOf(lab(), path)).map(({ ended_at }) => ended_at)).toEqual([null]);
    expect(await runsOf(lab(), waiting)).toEqual([]);
  });
}

/** Posts a task and waits until it runs; its path. */
export async function begun(user: User, name: string, payload: object = {}): Promise<string> {
  const path = await post(user, name, payload);
  await until(async () => (await user.agent.get(path)).body.status === 'active');
  return path;
}
