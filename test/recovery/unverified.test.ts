import { type Api, PASSWORD, PREFIX, refused, startApi, type User } from '../support/api.js';
import { checkAll } from '../support/checked-settings.js';
import { type Environment, environment } from '../support/program.js';
import { accountOf, AUTH, changeTo, linkTo, verify } from './links.js';

let api: Api;
let user: User;
beforeAll(async () => {
  api = await startApi({ REQUIRE_VERIFIED_EMAIL: 'true' });
});
beforeEach(async () => {
  user = await api.signUp();
});
afterAll(() => api.stop());

test.each([
  ['read another list', 'get', '/tasks'],
  ['see sessions', 'get', '/auth/sessions'],
  ['queue tasks', 'post', '/tasks'],
  ['change the account', 'patch', '/users/{username}'],
  ['see accounts', 'get', '/admin/users'],
] as const)('an account whose address is not verified can’t %s: %s %s', async (_, method, path) => {
  const sent = user.agent[method](PREFIX + path.replace('{username}', user.username));
  await refused(method === 'get' ? sent : sent.send({}), 403, 'email_verification_required');
});

test('it can sign in, read itself, have the link sent again, and sign out', async () => {
  expect(await accountOf(user)).toMatchObject({ email_verified_at: null });
  await user.agent.post(`${AUTH}/email/verification`).expect(202);
  await user.agent.post(`${AUTH}/logout`).expect(204);
  await api.http.post(`${AUTH}/login`).send({ username: user.email, password: PASSWORD }).expect(200);
});

test('what is public it sees like everybody', async () => {
  await user.agent.get(`${PREFIX}/users`).expect(200);
  await user.agent.get(`${PREFIX}/users/${user.username}`).expect(200);
});

test('with the next request after the address is verified, nothing is closed', async () => {
  await refused(user.agent.get(`${PREFIX}/tasks`), 403, 'email_verification_required');
  await verify(user, await linkTo(api, user.email, 'verify_email')).expect(204);
  await user.agent.get(`${PREFIX}/tasks`).expect(200);
  await user.agent.get(`${AUTH}/sessions`).expect(200);
});

test('whoever has mistyped the address corrects it', async () => {
  const email = `right-${user.email}`;
  await changeTo(user, email).expect(202);
  await verify(user, await linkTo(api, email, 'confirm_email_change')).expect(204);
  await user.agent.get(`${PREFIX}/tasks`).expect(200);
});

test('an address that a superuser sets has to be verified again', async () => {
  const root = await api.superuser();
  await refused(root.agent.get(`${PREFIX}/admin/users`), 403, 'email_verification_required');
  for (const one of [root, user]) await verify(one, await linkTo(api, one.email, 'verify_email')).expect(204);
  const email = `set-${user.email}`;
  await root.agent.patch(`${PREFIX}/admin/users/${user.username}`).send({ email }).expect(200);
  await refused(user.agent.get(`${PREFIX}/tasks`), 403, 'email_verification_required');
  await verify(user, await linkTo(api, email, 'verify_email')).expect(204);
});

const STRONG = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const DEPLOYED = { ENVIRONMENT: 'production', SECRET_KEY: STRONG, BCRYPT_COST: '10' };

const env = (given: Environment) => environment('postgres://postgres:x@127.0.0.1:1/x', { ...DEPLOYED, ...given });

test('production does not start without a front end that links lead to', () => {
  const all = [{}, { FRONTEND_URL: undefined }, { FRONTEND_URL: 'http://app.example.com' }];
  const said = checkAll(all.map((given) => ({ env: env(given) }))).map(({ output }) => output.trim());
  expect(said).toEqual([
    '',
    'FRONTEND_URL: must be the address of the front end',
    'FRONTEND_URL: must begin with https: outside of local',
  ]);
});
