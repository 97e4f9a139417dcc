/** Columns that migrations alter under the running API: no request fails, on whichever connection, whatever was prepared there. */
import { type Api, PASSWORD, PREFIX, useApi, type User } from '../../support/api.js';

const USERS = `${PREFIX}/users`;
// More than the pool has connections.
const AT_ONCE = 20;

let api: Api;
let users: User[];
beforeAll(async () => {
  api = await useApi();
  users = await Promise.all(Array.from({ length: AT_ONCE }, () => api.signUp()));
});
afterAll(async () => {
  await api.database.query('ALTER TABLE "user" ALTER COLUMN name TYPE varchar(30)');
  await api.stop();
});

const requests: [string, (user: User) => PromiseLike<{ status: number }>, number][] = [
  ['reads of one', ({ username }) => api.http.get(`${USERS}/${username}`), 200],
  ['reads of a list', ({ username }) => api.http.get(`${USERS}?search=${username}`), 200],
  ['reads of a list by cursor', () => api.http.get(`${USERS}?after=`), 200],
  ['changes', ({ agent, username }) => agent.patch(`${USERS}/${username}`).send({ name: 'Changed' }), 200],
  [
    'changes with a condition',
    async ({ agent, username }) => {
      const { headers } = await agent.get(`${USERS}/${username}`);
      return agent.patch(`${USERS}/${username}`).set('If-Match', headers.etag!).send({ name: 'Changed' });
    },
    200,
  ],
  [
    'sign-ins',
    ({ username }) => api.http.post(`${PREFIX}/auth/login`).type('form').send({ username, password: PASSWORD }),
    200,
  ],
];

test.each(requests)('%s', async (_, request, expected) => {
  for (const length of [100, 101]) {
    for (const round of ['before', 'after']) {
      const answers = await Promise.all(users.map(request));
      expect([round, answers.map(({ status }) => status)]).toEqual([round, Array(AT_ONCE).fill(expected)]);
      if (round === 'before') await api.database.query(`ALTER TABLE "user" ALTER COLUMN name TYPE varchar(${length})`);
    }
  }
});
