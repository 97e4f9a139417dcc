import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { PUBLIC_READS } from '../support/routes.js';
import { newScene } from '../support/scenes.js';
import { settled } from '../support/program.js';

const USERS = `${PREFIX}/users`;
const PROFILE = ['id', 'name', 'profile_image_url', 'username'];

let api: Api;
let user: User;
let root: User;
beforeAll(async () => {
  api = await useApi();
  user = await api.signUp({ name: 'Ada Lovelace', username: 'ada', email: 'countess@lovelace.example' });
  root = await api.superuser();
  await settled();
});
afterAll(() => api.stop());

test('a profile shows who a user is', async () => {
  const { body } = await api.http.get(`${USERS}/ada`).expect(200);
  expect(body).toEqual({
    id: user.id,
    name: 'Ada Lovelace',
    username: 'ada',
    profile_image_url: 'https://www.profileimageurl.com',
  });
});

test('nothing that is public shows an e-mail address, not even to its owner', async () => {
  const scene = await newScene(api, root, user);
  for (const { lists } of PUBLIC_READS) if (lists) await scene.value(lists);
  const paths = await Promise.all(PUBLIC_READS.map(({ template }) => scene.filled(template)));
  expect(paths).toContain('/users/ada');
  await settled();
  for (const path of paths) {
    for (const agent of [api.http, user.agent]) {
      const { text } = await agent.get(PREFIX + path).expect(200);
      expect(text).not.toContain('lovelace.example');
    }
  }
});

test('a profile of a list has the fields of a profile', async () => {
  const { body } = await api.http.get(USERS).expect(200);
  for (const profile of body.data) expect(Object.keys(profile).toSorted()).toEqual(PROFILE);
});

test.each(['nobody', 'ADA', 'ada%20', '-', 'x'.repeat(101)])('nobody goes by the name %j', async (username) => {
  await refused(api.http.get(`${USERS}/${username}`), 404, 'user_not_found');
});

test('the own account has what a profile hides', async () => {
  const { body } = await user.agent.get(`${USERS}/me`).expect(200);
  expect(body).toEqual({
    id: user.id,
    name: 'Ada Lovelace',
    username: 'ada',
    email: 'countess@lovelace.example',
    email_verified_at: null,
    profile_image_url: 'https://www.profileimageurl.com',
    is_superuser: false,
    created_at: expect.any(String),
    permissions: [],
  });
});

test('the own account of a superuser has every permission, in order', async () => {
  const { body } = await root.agent.get(`${USERS}/me`).expect(200);
  expect(body.permissions).toEqual(expect.arrayContaining(['tasks.read_any', 'users.read_any']));
  expect(body.permissions).toEqual([...new Set(body.permissions)].toSorted());
});

test('the own account is for those who are signed in', async () => {
  await refused(api.http.get(`${USERS}/me`), 401, 'not_signed_in');
});
