/** Changes of roles take effect here with the next request and elsewhere within 100 ms, though callers are remembered. */
import { type Api, PREFIX, type User } from '../../support/api.js';
import { asksDatabase, holdLocks } from '../../support/locks.js';
import { until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { expectSeenSoon, startTwoInstances, type TwoInstances } from '../../support/two-instances.js';
import { assign, makeRole, newHolder, type RoleRead, ROLES } from '../../roles/people.js';

const READS = ['users.read_any'];

let api: Api;
let root: User;
let urls: TwoInstances['urls'];
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ api, root, urls, stop } = await startTwoInstances());
});
afterAll(() => stop());

type Holder = User & { role: RoleRead };

const change = ({ role }: Holder, permissions: string[]) =>
  root.agent.patch(`${ROLES}/${role.id}`).send({ permissions }).expect(200);

async function mayRead(url: string, { token }: User): Promise<boolean> {
  const answers = [
    await send(url, { path: `${PREFIX}/admin/users`, token }),
    await send(url, { path: `${PREFIX}/users/me`, token }),
  ] as const;
  const isShown = (JSON.parse(answers[1].text) as { permissions: string[] }).permissions.includes(READS[0]!);
  expect([200, 403]).toContain(answers[0].status);
  return answers[0].status === 200 && isShown;
}

const CHANGES: [string, { begins: string[]; act: (user: Holder) => Promise<unknown> }][] = [
  [
    'a role that is given',
    { begins: [], act: async (user) => assign(root, user, await makeRole(root, READS)).expect(200) },
  ],
  ['a role that is taken', { begins: READS, act: (user) => assign(root, user).expect(200) }],
  ['a role that grows', { begins: [], act: (user) => change(user, READS) }],
  ['a role that shrinks', { begins: READS, act: (user) => change(user, []) }],
  [
    'a role that is deleted',
    { begins: READS, act: ({ role }) => root.agent.delete(`${ROLES}/${role.id}`).expect(204) },
  ],
];

test.each(CHANGES)('%s takes effect here at once and there within 100 ms', async (_, { begins, act }) => {
  const has = begins.length > 0;
  await expectSeenSoon(urls, async () => {
    const user = await newHolder(api, root, begins);
    for (const url of urls) await until(async () => (await mayRead(url, user)) === has);
    return { act: () => act(user), isSeen: async (url) => (await mayRead(url, user)) !== has };
  });
});

test('a warm request with permissions needs no database', async () => {
  const user = await newHolder(api, root, READS);
  for (const url of urls) await until(async () => !(await asksDatabase(api.database, url, user.token)));
  const release = await holdLocks(
    api.database,
    'LOCK TABLE role, role_holder, auth_session, "user" IN ACCESS EXCLUSIVE MODE',
  );
  try {
    for (const url of urls) {
      const { status, text } = await send(url, { path: `${PREFIX}/users/me`, token: user.token });
      expect([status, JSON.parse(text)]).toEqual([200, expect.objectContaining({ permissions: READS })]);
    }
  } finally {
    await release();
  }
});

test('a stream ends when the permissions of its reader change, and not when those of others do', async () => {
  const [reader, bystander] = [await newHolder(api, root, READS), await newHolder(api, root, READS)];
  const task = { name: 'sample', payload: { message: 'hello', seconds: 60 } };
  const streamOf = async ({ agent, token }: Holder) => {
    const { body } = await agent.post(`${PREFIX}/tasks`).send(task).expect(202);
    const headers = { authorization: `Bearer ${token}` };
    const { body: stream } = await fetch(`${urls[1]}${PREFIX}/tasks/${body.id}/events`, { headers });
    const state = { hasEnded: false };
    const end = () => (state.hasEnded = true);
    void stream!.pipeTo(new WritableStream()).then(end, end);
    return state;
  };
  const [ends, stays] = [await streamOf(reader), await streamOf(bystander)];
  await change(reader, []);
  await until(() => ends.hasEnded);
  expect(stays.hasEnded).toBe(false);
  await assign(root, bystander).expect(200);
  await until(() => stays.hasEnded);
});
