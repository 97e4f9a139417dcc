/** What a device that an account knows is good for where settings are others. */
import { type Api, startApi } from '../../support/api.js';
import { BEHIND_PROXY, counted, freshAddress, inTurn, WRONG } from '../../support/attempts.js';
import { DEPLOYED } from '../../support/docs-paths.js';
import { type Program, start } from '../../support/program.js';
import { knownDevice, login, setCookie } from '../../auth/devices.js';

let api: Api;
beforeAll(async () => {
  api = await startApi(BEHIND_PROXY);
});
afterAll(() => api.stop());

test('in production it travels over HTTPS only', async () => {
  const production = await startApi({ ...DEPLOYED, ENVIRONMENT: 'production' });
  const { username } = await production.signUp();
  const answer = await login(production.program.url, username);
  expect(setCookie(answer)).toMatch(/^__Secure-device=.*; HttpOnly; Secure; SameSite=Strict$/);
  await production.stop();
});

test('a device stays known after a change of SECRET_KEY while the key before is kept, and not after', async () => {
  const user = await api.signUp();
  const cookie = await knownDevice(api, user);
  const next = { ...api.env, SECRET_KEY: 'next-0123456789abcdefghijklmnopqrstuvwxyz' };
  const [kept, dropped] = await Promise.all([
    start('main', { ...next, SECRET_KEY_PREVIOUS: api.env.SECRET_KEY }),
    start('main', next),
  ]);
  await login(kept.url, user.username, { password: WRONG, cookie });
  expect(await counted(api, `account ${user.id}`)).toBeUndefined();
  await login(dropped.url, user.username, { password: WRONG, cookie });
  expect((await counted(api, `account ${user.id}`))!.failures).toBe(1);
  await Promise.all([kept.stop(), dropped.stop()]);
});

describe('with limits', () => {
  let limited: Program;
  beforeAll(async () => {
    limited = await start('main', { ...api.env, AUTH_RATE_LIMIT_LIMIT: '4' });
  });
  afterAll(() => limited.stop());

  test('requests of neighbours use up the limit of the address, but not that of a known device', async () => {
    const user = await api.signUp();
    const cookie = await knownDevice(api, user);
    const from = freshAddress();
    await inTurn(4, (index) => login(limited.url, `nobody${index}`, { from }));
    expect((await login(limited.url, user.username, { from })).status).toBe(429);
    const answers = await inTurn(4, () => login(limited.url, user.username, { from, cookie }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await login(limited.url, user.username, { from: freshAddress(), cookie })).status).toBe(429);
  });
});
