import { type Api, PREFIX, startApi } from '../support/api.js';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

test('a renamed user keeps the session', async () => {
  const ada = await api.signUp({ username: 'ada' });
  await ada.agent.patch(`${PREFIX}/users/ada`).send({ username: 'countess' }).expect(200);
  const { body } = await ada.agent.get(`${PREFIX}/users/me`).expect(200);
  expect(body.username).toBe('countess');
});

test('an e-mail address is shown to its owner only', async () => {
  const user = await api.signUp();
  const { body } = await api.http.get(`${PREFIX}/users/${user.username}`).expect(200);
  expect(Object.keys(body).toSorted()).toEqual(['id', 'name', 'profile_image_url', 'username']);
});
