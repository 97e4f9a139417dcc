/** What holds of two instances on one database, whether they share a Redis or not. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PREFIX, type User } from '../../support/api.js';
import { atOnce } from '../../support/attempts.js';
import { holdLocks, waitingForLocks } from '../../support/locks.js';
import { listeners } from '../../support/notifications.js';
import { expectOnceBelow, until } from '../../support/program.js';
import { answer, answers, type Pair, untilHeard, warm } from './pair.js';
import { ACCOUNTS, type Matrix, type People, write } from './writes.js';

const HEARD_MILLISECONDS = 100;
const CLIENTS = 500;
const PEOPLE = 10;
const RACES_MILLISECONDS = 240_000;

/** What each write changes shows, and what it does not change stays cached. */
export function changesOnly<P extends People, R extends string>(
  pair: () => Pair,
  { reads, writes, gather }: Matrix<P, R>,
): void {
  const names = Object.keys(reads) as R[];
  /** What reads answer now, where it is not what they answered before. */
  const differences = (before: string[], after: string[]) =>
    Object.fromEntries(
      names.map((name, index) => [name, after[index]!]).filter((_, index) => after[index] !== before[index]),
    );

  test.each(writes)(
    '$what shows in what it changes, and everything else stays cached',
    async ({ changes, make, before }) => {
      const { api, root, own, other, uncached } = pair();
      const people = await gather(api, root);
      if (before) await write(own, before(people));
      await untilHeard(api, [own, other]);
      const paths = names.map((name) => reads[name](people));
      const [here, there] = await warm(api, [own, other], paths);
      await write(own, make(people));
      const atOwn = differences(here!, await answers(own, paths));
      const right = await answers(uncached, paths);
      const expected = Object.fromEntries(changes.map((name) => [name, right[names.indexOf(name)]]));
      expect(atOwn).toEqual(expected);
      const atOther = async () => differences(there!, await answers(other, paths));
      await until(async () => Object.keys(await atOther()).length >= changes.length);
      expect(await atOther()).toEqual(expected);
    },
  );
}

/** The very next read shows a write where it was made, and soon elsewhere. */
export function showsWrites(pair: () => Pair): void {
  changesOnly(pair, ACCOUNTS);

  test(`a write shows elsewhere within ${HEARD_MILLISECONDS} ms`, async () => {
    const { api, own, other } = pair();
    const ada = await api.signUp();
    let written = 0;
    await expectOnceBelow(HEARD_MILLISECONDS, async () => {
      const title = `Title ${++written}`;
      await warm(api, [other], [`/users/${ada.username}`]);
      await write(own, {
        method: 'PATCH',
        path: `${PREFIX}/users/${ada.username}`,
        token: ada.token,
        body: { name: title },
        status: 200,
      });
      const acknowledged = performance.now();
      await until(async () => (await answer(other, `/users/${ada.username}`)).includes(title));
      return performance.now() - acknowledged;
    });
  });

  test('where notifications hang, a write shows at once where it was made, and elsewhere when they are back', async () => {
    const { api, root, own, other } = pair();
    const { ada } = await ACCOUNTS.gather(api, root);
    const path = `/users/${ada.username}`;
    await warm(api, [own, other], [path]);
    const pids = await listeners(api.database);
    expect(pids.length).toBeGreaterThanOrEqual(2);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      await ada.agent
        .patch(PREFIX + path)
        .send({ name: 'Augusta' })
        .expect(200);
      expect(await answer(own, path)).toContain('"Augusta"');
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
    await until(async () => (await answer(other, path)).includes('"Augusta"'));
  });

  test('a user name that passes to somebody else shows that person', async () => {
    const { api, root, own, other } = pair();
    const { ada } = await ACCOUNTS.gather(api, root);
    const path = `/users/${ada.username}`;
    await warm(api, [own, other], [path]);
    await ada.agent
      .patch(PREFIX + path)
      .send({ username: `${ada.username}z` })
      .expect(200);
    expect(await answer(own, path)).toBe('404');
    const { id } = await api.signUp({ username: ada.username, email: `new${ada.email}` });
    for (const url of [own, other]) await until(async () => (await answer(url, path)).includes(`"id":${id},`));
  });
}

/** Reads that are on their way while a change commits. */
export function isNeverStale(pair: () => Pair, times: number): void {
  test(
    `a read that races with a change is right once the change is acknowledged, ${times} times`,
    async () => {
      const { api, own, other } = pair();
      await atOnce(PEOPLE, async (index) => {
        const { id, token, username } = await api.signUp();
        for (let change = 0; change < times / PEOPLE; change++) {
          // Each change drops all pages, so that this one has to be loaded while the next change commits.
          const path = `/users?items_per_page=${PEOPLE + 1 + ((change * PEOPLE + index) % (100 - PEOPLE))}`;
          const name = `Name ${change} of ${index}`;
          const racing = [own, other].map((url) => answer(url, path));
          await sleep(Math.random() * 5);
          const changed = { path: `${PREFIX}/users/${username}`, method: 'PATCH', token, body: { name } };
          await write(own, { ...changed, status: 200 });
          const shows = async (url: string) => (await answer(url, path)).includes(`"${name}"`);
          expect([change, await shows(own)]).toEqual([change, true]);
          await until(() => shows(other), 2_000);
          for (const one of await Promise.all(racing)) expect(one).toContain(`"id":${id},`);
        }
      });
    },
    RACES_MILLISECONDS,
  );
}

/** What many ask for at once is loaded once. */
export function loadsOnce(pair: () => Pair): void {
  test.each([
    ['a profile', ({ username }: User) => `/users/${username}`, () => '/users'],
    [
      'a page',
      ({ id }: User) => `/users?page=1&items_per_page=${(id % 50) + 20}`,
      ({ username }: User) => `/users/${username}`,
    ],
  ])(`${CLIENTS} clients at once cost each instance one load of %s`, async (_, pathOf, another) => {
    const { api, root, own, other } = pair();
    const { ada } = await ACCOUNTS.gather(api, root);
    const path = pathOf(ada);
    await warm(api, [own, other], [path]);
    await ada.agent
      .patch(`${PREFIX}/users/${ada.username}`)
      .send({ name: `Augusta ${ada.id}` })
      .expect(200);
    // Both have heard that it is out of date.
    for (const url of [own, other])
      await until(async () => (await answer(url, another(ada))).includes(`Augusta ${ada.id}`));
    const release = await holdLocks(api.database, 'LOCK TABLE "user" IN ACCESS EXCLUSIVE MODE');
    const asked = atOnce(CLIENTS, (index) => answer(index % 2 ? own : other, path));
    let most = 0;
    for (let look = 0; look < 10; look++) {
      await sleep(50);
      most = Math.max(most, await waitingForLocks(api.database));
    }
    await release();
    const bodies = new Set(await asked);
    expect([...bodies]).toEqual([expect.stringContaining(`"id":${ada.id},`)]);
    expect(most).toBe(2);
  });

  test('who loads for many and goes away leaves that to one of them', async () => {
    const { api, root, own } = pair();
    const { ada } = await ACCOUNTS.gather(api, root);
    const path = `/users/${ada.username}`;
    const release = await holdLocks(api.database, 'LOCK TABLE "user" IN ACCESS EXCLUSIVE MODE');
    const leaving = new AbortController();
    const first = fetch(own + PREFIX + path, { signal: leaving.signal }).catch((error: Error) => error.name);
    const areLoading = (loads: number) => until(async () => (await waitingForLocks(api.database)) === loads);
    await areLoading(1);
    const asked = atOnce(50, () => answer(own, path));
    await sleep(200);
    leaving.abort();
    expect(await first).toBe('AbortError');
    // The database goes on with what nobody waits for any more.
    await areLoading(2);
    await sleep(200);
    await areLoading(2);
    await release();
    expect([...new Set(await asked)]).toEqual([expect.stringContaining(`"id":${ada.id},`)]);
  });
}
