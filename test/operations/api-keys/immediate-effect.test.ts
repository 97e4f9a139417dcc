/** What happens to a key or to its owner, with two instances that know it. */
import { createKey, type Key, KEYS } from '../../api-keys/keys.js';
import { type Api, leave, PREFIX, type User } from '../../support/api.js';
import { asksDatabase } from '../../support/locks.js';
import { listeners } from '../../support/notifications.js';
import { until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { statusOfMe } from '../../support/sessions.js';
import { expectSeenSoon, startTwoInstances, type TwoInstances } from '../../support/two-instances.js';
import { addQuietTask, open } from '../../tasks/events.js';

let api: Api;
let root: User;
let urls: TwoInstances['urls'];
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ api, root, urls, stop } = await startTwoInstances());
});
afterAll(() => stop());

const asks = (url: string, key: string) => asksDatabase(api.database, url, key);
const untilWarm = async (key: string) => {
  for (const url of urls) await until(async () => !(await asks(url, key)));
};

const asAdmin = (user: User) => `${PREFIX}/admin/users/${user.username}`;
const grant = (user: User, is_superuser: boolean) => root.agent.patch(asAdmin(user)).send({ is_superuser }).expect(200);
const isOver = async (url: string, key: string) => (await statusOfMe(url, key)) === 401;
const isClosed = async (url: string, key: string) =>
  (await send(url, { path: `${PREFIX}/admin/users`, token: key })).status === 403;

type KeyChange = [string, (owner: User, key: Key) => Promise<unknown>, isSeen: typeof isOver];
const CHANGES: KeyChange[] = [
  ['revoking it', ({ agent }, { id }) => agent.delete(`${KEYS}/${id}`).expect(204), isOver],
  [
    'revoking it as a superuser',
    (_, { id }) => root.agent.delete(`${PREFIX}/admin/api-keys/${id}`).expect(204),
    isOver,
  ],
  ['the deletion of its owner', (owner) => leave(owner).expect(204), isOver],
  ['the purge of its owner', (owner) => root.agent.delete(asAdmin(owner)).expect(204), isOver],
  ['the demotion of its owner', (owner) => grant(owner, false), isClosed],
];

test.each(CHANGES)('%s takes effect here at once and there within 100 ms', async (_, act, isSeen) => {
  await expectSeenSoon(urls, async () => {
    const owner = await api.signUp();
    await grant(owner, true);
    const made = await createKey(owner, { permissions: null });
    await untilWarm(made.key);
    return { act: () => act(owner, made), isSeen: (url) => isSeen(url, made.key) };
  });
});

test('a key that was shown before is known without asking the database, and no other is', async () => {
  const owner = await api.signUp();
  const [warm, cold] = [await createKey(owner), await createKey(owner)];
  await untilWarm(warm.key);
  for (const url of urls) {
    expect(await asks(url, warm.key)).toBe(false);
    expect(await asks(url, cold.key)).toBe(true);
    expect(await asks(url, cold.key)).toBe(false);
  }
});

test('an instance that hears of no changes asks the database each time', async () => {
  const owner = await api.signUp();
  const { id, key } = await createKey(owner);
  await untilWarm(key);
  const pids = await listeners(api.database);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    // The other one knows soon that it hears nothing.
    await until(() => asks(urls[1], key));
    await owner.agent.delete(`${KEYS}/${id}`).expect(204);
    for (const url of urls) expect(await statusOfMe(url, key)).toBe(401);
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
});

test('what a key has open ends with it, in every process', async () => {
  const owner = await api.signUp();
  const { id, key } = await createKey(owner);
  const path = await addQuietTask(api, owner);
  const streams = await Promise.all(urls.map((url) => open(url, path, { ...owner, token: key })));
  await until(() => streams.every((stream) => stream.text().includes('event: state')));
  await owner.agent.delete(`${KEYS}/${id}`).expect(204);
  for (const { closed } of streams) await closed;
});
