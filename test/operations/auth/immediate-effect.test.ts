import { type Api, leave, PASSWORD, PREFIX, type User } from '../../support/api.js';
import { finish, until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { refresh, signIn, statusOfMe, tokensOf } from '../../support/sessions.js';
import { type Change, expectSeenSoon, startTwoInstances, type TwoInstances } from '../../support/two-instances.js';

let api: Api;
let root: User;
let urls: TwoInstances['urls'];
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ api, root, urls, stop } = await startTwoInstances());
});
afterAll(() => stop());

const account = (user: User) => `${PREFIX}/users/${user.username}`;
const asAdmin = (user: User) => `${PREFIX}/admin/users/${user.username}`;
const grant = (user: User, is_superuser: boolean) => root.agent.patch(asAdmin(user)).send({ is_superuser }).expect(200);
const isOver = (token: string) => async (url: string) => (await statusOfMe(url, token)) === 401;

async function me(url: string, token: string): Promise<Record<string, unknown>> {
  return JSON.parse((await send(url, { path: `${PREFIX}/users/me`, token })).text);
}

const isSuperuser = (user: User, expected: boolean) => async (url: string) => {
  const { status } = await send(url, { path: `${PREFIX}/admin/users`, token: user.token });
  const { is_superuser } = await me(url, user.token);
  return status === (expected ? 200 : 403) && is_superuser === expected;
};

const CHANGES: [string, (user: User) => Change | Promise<Change>][] = [
  [
    'signing out',
    ({ agent, token }) => ({ act: () => agent.post(`${PREFIX}/auth/logout`).expect(204), isSeen: isOver(token) }),
  ],
  [
    'signing out everywhere',
    async ({ agent, username }) => {
      const { access_token } = await signIn(urls[1], username);
      return { act: () => agent.post(`${PREFIX}/auth/logout-all`).expect(204), isSeen: isOver(access_token) };
    },
  ],
  [
    'changing the password',
    async ({ agent, username }) => {
      const { access_token } = await signIn(urls[1], username);
      const passwords = { current_password: PASSWORD, new_password: 'Difference-Engine-1822' };
      return {
        act: () => agent.post(`${PREFIX}/auth/password`).send(passwords).expect(204),
        isSeen: isOver(access_token),
      };
    },
  ],
  [
    'ending another session',
    async ({ agent, username }) => {
      const { access_token } = await signIn(urls[1], username);
      const { body } = await agent.get(`${PREFIX}/auth/sessions`).expect(200);
      const [{ id }] = body.data;
      return { act: () => agent.delete(`${PREFIX}/auth/sessions/${id}`).expect(204), isSeen: isOver(access_token) };
    },
  ],
  [
    'using a refresh token for the third time',
    async ({ username }) => {
      const session = await signIn(urls[1], username);
      const next = tokensOf(await refresh(urls[1], session.refresh_token));
      tokensOf(await refresh(urls[1], next.refresh_token));
      return { act: () => refresh(urls[0], session.refresh_token), isSeen: isOver(session.access_token) };
    },
  ],
  [
    'signing in again on the same device',
    async ({ username }) => {
      const { access_token, refresh_token } = await signIn(urls[1], username);
      const headers = { cookie: `refresh_token=${refresh_token}` };
      return { act: () => signIn(urls[0], username, { headers }), isSeen: isOver(access_token) };
    },
  ],
  ['leaving', (user) => ({ act: () => leave(user).expect(204), isSeen: isOver(user.token) })],
  [
    'being deleted for good',
    (user) => ({ act: () => root.agent.delete(asAdmin(user)).expect(204), isSeen: isOver(user.token) }),
  ],
  ['promotion', (user) => ({ act: () => grant(user, true), isSeen: isSuperuser(user, true) })],
  [
    'demotion',
    async (user) => {
      await grant(user, true);
      return { act: () => grant(user, false), isSeen: isSuperuser(user, false) };
    },
  ],
  [
    'a new name',
    (user) => ({
      act: () => user.agent.patch(account(user)).send({ name: 'Renamed' }).expect(200),
      isSeen: async (url) => (await me(url, user.token)).name === 'Renamed',
    }),
  ],
];

test.each(CHANGES)('%s takes effect here at once and there within 100 ms', async (_, prepare) => {
  await expectSeenSoon(urls, async () => prepare(await api.signUp()));
});

test('what does not end a session leaves it alone', async () => {
  const user = await api.signUp();
  const session = await signIn(urls[1], user.username);
  const passwords = { current_password: PASSWORD, new_password: 'Difference-Engine-1822' };
  await user.agent.post(`${PREFIX}/auth/password`).send(passwords).expect(204);
  for (const url of urls) expect(await statusOfMe(url, user.token)).toBe(200);
  expect(await statusOfMe(urls[0], session.access_token)).toBe(401);
});

test('who is restored has to sign in anew, which works everywhere at once', async () => {
  const user = await api.signUp();
  for (const url of urls) expect(await statusOfMe(url, user.token)).toBe(200);
  await leave(user).expect(204);
  await root.agent.post(`${asAdmin(user)}/restore`).expect(200);
  expect(await statusOfMe(urls[0], user.token)).toBe(401);
  const { access_token } = await signIn(urls[0], user.username);
  for (const url of urls.toReversed()) expect(await statusOfMe(url, access_token)).toBe(200);
  // There as soon as it hears of it.
  await until(() => isOver(user.token)(urls[1]));
  expect(await statusOfMe(urls[0], user.token)).toBe(401);
});

test('a demotion by the command line reaches every instance', async () => {
  const user = await api.signUp();
  await grant(user, true);
  for (const url of [...urls, ...urls]) expect(await isSuperuser(user, true)(url)).toBe(true);
  expect(await finish('create-superuser', api.env, ['demote', user.username])).toMatchObject({ code: 0 });
  for (const url of urls) await until(() => isSuperuser(user, false)(url));
});
