import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { expectProblem, send } from '../support/raw.js';
import { ROUTES } from '../support/routes.js';
import { newScene } from '../support/scenes.js';

const CLOSED = ROUTES.filter(({ as }) => as === 'superuser');

let api: Api;
let root: User;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
  await api.signUp({ username: 'someone' });
});
afterAll(() => api.stop());

test.each(CLOSED.map((route) => [route.name, route] as const))(
  '%s is closed to all others, even where it is about themselves',
  async (_, route) => {
    const scene = await newScene(api, root);
    const sent = await scene.ready(route);
    const code = route.operation['x-permission'] ? 'permission_required' : 'superuser_only';
    expectProblem(await send(api.program.url, { ...sent, token: scene.user.token }), 403, code);
    const answer = await send(api.program.url, { ...sent, token: undefined });
    expectProblem(answer, 401, 'not_signed_in');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    // They have changed nothing, so it can still be done.
    expect((await send(api.program.url, sent)).status).toBe(route.status);
  },
);

test('promotion and demotion take effect with the next request of the user', async () => {
  const user = await api.signUp();
  const grant = (is_superuser: boolean) =>
    root.agent.patch(`${PREFIX}/admin/users/${user.username}`).send({ is_superuser }).expect(200);
  const asSuperuser = () => user.agent.get(`${PREFIX}/admin/users`);

  expect((await grant(true)).body.is_superuser).toBe(true);
  await asSuperuser().expect(200);
  expect((await user.agent.get(`${PREFIX}/users/me`).expect(200)).body.is_superuser).toBe(true);

  expect((await grant(false)).body.is_superuser).toBe(false);
  await refused(asSuperuser(), 403, 'permission_required');
});

test.each([['true'], [1], [null]])('is_superuser is not %j', async (is_superuser) => {
  const sent = root.agent.patch(`${PREFIX}/admin/users/someone`).send({ is_superuser });
  const { body } = await refused(sent, 422, 'validation_failed');
  expect(body.errors).toEqual([{ field: 'is_superuser', message: expect.any(String) }]);
});

test('superusers leave the accounts of others alone outside of /admin', async () => {
  const user = await api.signUp();
  const account = `${PREFIX}/users/${user.username}`;
  await refused(root.agent.patch(account).send({ name: 'Moderated' }), 403, 'not_your_account');
  await refused(root.agent.delete(account), 403, 'not_your_account');
});
