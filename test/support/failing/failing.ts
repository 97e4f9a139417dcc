/** A suite whose tests all fail, for the suite that reads what they tell. */
import { type Api, PREFIX, startApi, useApi } from '../api.js';
import { send } from '../raw.js';

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

test('an agent gets another status', async () => {
  await api.http.post(`${PREFIX}/users`).send({ name: 'A' }).expect(201);
});

test('a request as it is gets another status', async () => {
  const { status } = await send(api.program.url, { path: `${PREFIX}/users/nobody` });
  expect(status).toBe(200);
});

test('long texts differ', () => {
  const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index} ${'x'.repeat(1_000)}`);
  expect(lines.join('\n')).toBe(lines.map((line) => `${line}!`).join('\n'));
});

test('a program is left', async () => {
  await startApi();
  throw new Error('It was not stopped');
});
