import { type Api, PREFIX, useApi } from '../../support/api.js';
import { post, startLab } from '../../support/lab.js';
import { start, until } from '../../support/program.js';

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

test('a task is begun again after more stops of its worker than it has attempts', async () => {
  const user = await api.signUp();
  const task = { name: 'sample', payload: { message: 'long', seconds: 600 } };
  const { headers } = await user.agent.post(`${PREFIX}/tasks`).send(task).expect(202);
  const state = async () => (await user.agent.get(headers.location!).expect(200)).body;
  for (let stop = 1; stop <= 4; stop++) {
    const worker = await start('worker', { ...api.env, WORKER_SHUTDOWN_SECONDS: '1' });
    await until(async () => (await state()).status === 'active');
    expect(await worker.stop()).toBe(0);
    expect(await state()).toMatchObject({ status: expect.stringMatching(/^(queued|delayed)$/), error: null });
  }
  await user.agent.delete(headers.location!).expect(204);
});

test('a stopping worker lets tasks finish that work in threads', async () => {
  const lab = await startLab();
  const worker = await lab.startWorker();
  const path = await post(lab.user, 'lab_busy', { milliseconds: 2_000 });
  await until(async () => (await lab.user.agent.get(path)).body.status === 'active');
  expect(await worker.stop()).toBe(0);
  const { body } = await lab.user.agent.get(path).expect(200);
  expect(body).toMatchObject({ status: 'completed', attempts: 1 });
  await lab.stop();
});
