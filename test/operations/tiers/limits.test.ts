/** How often accounts with tiers may ask, in two instances that know nothing of each other but the database. */
import { type Api, PREFIX, type User } from '../../support/api.js';
import { asksDatabase } from '../../support/locks.js';
import { until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { expectSeenSoon, startTwoInstances, type TwoInstances } from '../../support/two-instances.js';

const SECOND = 1_000;
const DEFAULT = '40';
let api: Api;
let root: User;
let urls: TwoInstances['urls'];
let stop: () => Promise<void>;
beforeAll(async () => {
  const settings = { DEFAULT_RATE_LIMIT_LIMIT: DEFAULT, AUTH_RATE_LIMIT_LIMIT: '500', DEFAULT_TIER: 'usual' };
  ({ api, root, urls, stop } = await startTwoInstances(settings));
});
afterAll(() => stop());

let made = 0;

async function tier(limits: object[], name = `tier${++made}`): Promise<number> {
  const sent = { method: 'POST', path: `${PREFIX}/admin/tiers`, token: root.token, body: { name, limits } };
  return (JSON.parse((await send(api.program.url, sent)).text) as { id: number }).id;
}

const admin = (method: string, path: string, body?: object) =>
  send(api.program.url, { method, path: `${PREFIX}/admin${path}`, token: root.token, body });

async function give({ username }: User, tier_id: number): Promise<void> {
  expect((await admin('PUT', `/users/${username}/tier`, { tier_id })).status).toBe(200);
}

/** The limit that a request meets, and its status. */
async function asked(user: User, path = '/users/me', method = 'GET', url = api.program.url) {
  const { status, headers } = await send(url, { method, path: PREFIX + path, token: user.token });
  return [status, headers['ratelimit-limit'], headers['ratelimit-remaining']];
}

test('an account without a tier meets the general limit', async () => {
  expect((await asked(await api.signUp()))[1]).toBe(DEFAULT);
});

test('of the limits that fit, the one that says most counts, each for itself', async () => {
  const ada = await api.signUp();
  await give(
    ada,
    await tier([
      { route: '*', limit: 5, period: 60 },
      { route: '* /api/v1/tasks*', limit: 4, period: 60 },
      { route: 'GET /api/v1/tasks/{task_id}', limit: 3, period: 60 },
    ]),
  );
  expect(await asked(ada)).toEqual([200, '5', '4']);
  expect(await asked(ada, '/tasks')).toEqual([200, '4', '3']);
  expect(await asked(ada, '/tasks/1')).toEqual([404, '3', '2']);
  expect(await asked(ada, '/tasks/2')).toEqual([404, '3', '1']);
  expect(await asked(ada, '/tasks/3', 'DELETE')).toEqual([404, '4', '2']);
  expect(await asked(ada, '/tasks/3')).toEqual([404, '3', '0']);
  expect(await asked(ada, '/tasks/3')).toEqual([429, '3', '0']);
  expect(await asked(ada, '/tasks')).toEqual([200, '4', '1']);
});

test('what a tier does not name meets the general limit, and a strict limit stays', async () => {
  const ada = await api.signUp();
  await give(ada, await tier([{ route: '* /api/v1/tasks', limit: 1, period: 60 }]));
  expect((await asked(ada))[1]).toBe(DEFAULT);
  await give(ada, await tier([{ route: '*', limit: 1, period: 60 }]));
  expect((await asked(ada, '/auth/password', 'POST'))[1]).toBe('500');
});

test('a warm request asks the database nothing about tiers', async () => {
  const ada = await api.signUp();
  await give(ada, await tier([{ route: '*', limit: 1_000, period: 60 }]));
  await asked(ada);
  expect(await asksDatabase(api.database, api.program.url, ada.token)).toBe(false);
});

const CHANGES: [string, (ada: User, id: number) => Promise<unknown>, string][] = [
  ['another tier', async (ada) => give(ada, await tier([{ route: '*', limit: 7, period: 60 }])), '7'],
  ['another limit', (_, id) => admin('PATCH', `/tiers/${id}`, { limits: [{ route: '*', limit: 8, period: 60 }] }), '8'],
  ['another period', (_, id) => admin('PATCH', `/tiers/${id}`, { limits: [{ route: '*', limit: 9, period: 5 }] }), '9'],
  ['no limits', (_, id) => admin('PATCH', `/tiers/${id}`, { limits: [] }), DEFAULT],
  ['no tier', (ada) => admin('DELETE', `/users/${ada.username}/tier`), DEFAULT],
];
test.each(CHANGES)('%s counts at once here, and within a second elsewhere', async (_, change, limit) => {
  const prepare = async () => {
    const ada = await api.signUp();
    const id = await tier([{ route: '*', limit: 6, period: 60 }]);
    await give(ada, id);
    for (const url of urls) await until(async () => (await asked(ada, '/users/me', 'HEAD', url))[1] === '6');
    return {
      act: () => change(ada, id),
      isSeen: async (url: string) => (await asked(ada, '/users/me', 'GET', url))[1] === limit,
    };
  };
  await expectSeenSoon(urls, prepare, SECOND);
});

test('the default counts for whoever has no tier, as soon as there is one of that name, which stays', async () => {
  const ada = await api.signUp();
  expect((await asked(ada))[1]).toBe(DEFAULT);
  const id = await tier([{ route: '*', limit: 30, period: 60 }], 'usual');
  for (const url of urls) await until(async () => (await asked(ada, '/users/me', 'GET', url))[1] === '30');
  expect((await admin('GET', `/users/${ada.username}/tier`)).status).toBe(200);
  for (const answer of [
    await admin('DELETE', `/tiers/${id}`),
    await admin('PATCH', `/tiers/${id}`, { name: 'unusual' }),
  ])
    expect([answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([409, 'tier_in_use']);
});
