import { enqueue, type Lab, post, runsOf } from '../support/lab.js';
import { type Program, until } from '../support/program.js';
import { ended } from './watch.js';

const MANY = 40;

/** What clients see when the queue takes tasks long after the relay has given up on it. */
export function cancelsWhatIsLate(
  lab: () => Lab,
  worker: () => Program,
  stall: () => Promise<() => Promise<void>>,
): void {
  test('a task that is cancelled while the queue stalls never runs, although the queue gets it later', async () => {
    const { user } = lab();
    const goOn = await stall();
    const paths = await Promise.all(Array.from({ length: MANY }, () => post(user, 'lab_pauses', { milliseconds: 50 })));
    paths.push(await enqueue(user, 'lab_pauses', { options: { delay: 1 } }));
    await until(() => worker().output().includes('tasks do not reach the queue'));
    const statuses = new Map<string, number>();
    const cancel = async (path: string) => statuses.set(path, (await user.agent.delete(path)).status);
    const [early, late] = [paths.slice(MANY / 2), paths.slice(0, MANY / 2)];
    await Promise.all(early.map(cancel));
    await Promise.all([goOn(), ...late.map(cancel)]);
    // Whoever comes later is done, so what was cancelled would have been.
    await ended(user, await enqueue(user, 'lab_pauses', { options: { delay: 2 } }));

    for (const path of early) {
      expect(statuses.get(path)).toBe(204);
      expect(await ended(user, path)).toMatchObject({ status: 'cancelled', started_at: null });
    }
    for (const path of paths) {
      const { status } = await ended(user, path);
      expect(status).toBe(statuses.get(path) === 204 ? 'cancelled' : 'completed');
      if (status === 'completed' || early.includes(path)) {
        expect(await runsOf(lab(), path)).toHaveLength(status === 'completed' ? 1 : 0);
      }
    }
  }, 60_000);
}
