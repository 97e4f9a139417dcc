/** Each abuse, as it was found. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Abuser } from './abuser.js';
import type { Besieged } from './besieged.js';
import { PRODUCTS } from './products.js';
import { until } from './program.js';
import type { Received } from './raw.js';
import { HEAVY_TASKS } from './routes.js';

type Abuse = (scene: Besieged) => Promise<unknown>;

const LARGEST = `${PRODUCTS}?items_per_page=100`;
const HEAVY = Object.keys(HEAVY_TASKS);
// What the longest results of two users take, and those that they replace in rows that PostgreSQL has not cleaned up yet.
const LOOP_MEGABYTES = 200;
const NESTED = `[${'[],'.repeat(340_000)}[]]`;
const LONG = 'n'.repeat(14_000);
const SECOND = 1_000;

/** One after another. */
export const ABUSES: Record<string, Abuse> = {
  /** What the others are held against: nothing happens. */
  nothing: () => sleep(SECOND),

  'nine largest pages that nobody reads': (scene) => unread(scene, 9),
  'forty largest pages that nobody reads': (scene) => unread(scene, 40),
  'fifteen pages that nobody reads on each of 20 connections': (scene) => unread(scene, 20, 15),

  async 'thousands of requests ahead of their answers'({ nobody }) {
    nobody.neverRead(`${PRODUCTS}?items_per_page=1`, 200, 3_000);
    await sleep(3 * SECOND);
  },

  async 'the same page under many spellings'({ nobody }) {
    await nobody.flood(4 * SECOND, 20, (index) => {
      const zeros = '0'.repeat(1 + (index % 50));
      return nobody.ask('GET', `${PRODUCTS}?page=${zeros}1&items_per_page=${zeros}${1 + (index % 40)}`);
    });
  },

  async 'twenty bodies of nested arrays with a token'({ abusers: [abuser] }) {
    const body = `{"name":"sample","payload":${NESTED}}`;
    await Promise.allSettled(Array.from({ length: 20 }, () => abuser.ask('POST', '/tasks', body)));
  },

  async 'twenty bodies of nested arrays without a token'({ nobody }) {
    const body = `{"username":"witness","password":${NESTED}}`;
    await Promise.allSettled(Array.from({ length: 20 }, () => nobody.ask('POST', '/auth/login', body)));
  },

  async 'tasks that run for ten minutes'({ abusers, database }) {
    await Promise.all(abusers.flatMap((abuser) => Array.from({ length: 8 }, () => abuser.post('sample', HOUR))));
    await sleep(3 * SECOND);
    await cancelAll(abusers[0]);
    const open = `SELECT 1 FROM task t JOIN "user" u ON u.id = t.owner_user_id
      WHERE username = 'abuser1' AND status IN ('queued', 'delayed', 'active')`;
    await until(async () => (await database.query(open)).length === 0, SECOND, 'all are cancelled');
  },

  ...Object.fromEntries(HEAVY.flatMap(abusesBy)),

  async '580 event streams, which end with their session'({ abusers: [abuser] }) {
    const { text } = await abuser.post('sample', HOUR);
    const { id } = JSON.parse(text) as { id: number };
    const asked = await Promise.allSettled(Array.from({ length: 580 }, () => abuser.stream(`/tasks/${id}/events`)));
    const streams = asked.flatMap((one) => (one.status === 'fulfilled' && one.value.status === 200 ? [one.value] : []));
    expect(streams.length).toBeGreaterThan(0);
    expect(streams.length).toBeLessThan(100);
    await sleep(SECOND);
    expect((await abuser.ask('POST', '/auth/logout-all')).status).toBe(204);
    const ended = Promise.all(streams.map((stream) => stream.ended)).then(() => 'ended');
    expect(await Promise.race([ended, sleep(SECOND, 'still open')])).toBe('ended');
  },

  async 'accounts without end'({ nobody, database }) {
    await nobody.flood(3 * SECOND, 10, (index) => nobody.ask('POST', '/users', accountOf(index)));
    const [made] = await database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM "user" WHERE username LIKE 'free%'`,
    );
    expect(made!.count).toBeLessThanOrEqual(20);
  },

  async 'long unknown paths'({ nobody, api }) {
    const before = api.output().length;
    await Promise.allSettled(Array.from({ length: 400 }, () => nobody.send({ path: `/${LONG}` })));
    await sleep(300);
    expect(api.output().length - before).toBeLessThan(500_000);
  },

  async 'pages far behind'({ nobody }) {
    const pages = ['9007199254740991', '90071992547', '1000000'];
    await nobody.flood(3 * SECOND, 20, (index) => nobody.ask('GET', `${PRODUCTS}?page=${pages[index % 3]}`));
  },
};

const HOUR = { message: 'hold', seconds: 600 };

function abusesBy(name: string): [string, Abuse][] {
  return [
    [
      `eight times ${name} at once`,
      async ({ abusers, database }) => {
        await Promise.all(abusers.flatMap((abuser) => Array.from({ length: 4 }, () => abuser.post(name))));
        await done(database, name);
      },
    ],
    [
      `${name} in a loop`,
      async ({ abusers, database }) => {
        const before = await megabytesOf(database);
        await Promise.all(abusers.map((abuser) => abuser.flood(6 * SECOND, 4, () => abuser.post(name))));
        expect((await megabytesOf(database)) - before).toBeLessThan(LOOP_MEGABYTES);
      },
    ],
  ];
}

async function megabytesOf(database: Besieged['database']): Promise<number> {
  const sql = 'SELECT (pg_database_size(current_database()) / 1024 / 1024)::int AS megabytes';
  return (await database.query<{ megabytes: number }>(sql))[0]!.megabytes;
}

/** By number and by cursor, as the two are bounded in different ways. */
async function unread({ nobody }: Besieged, connections: number, pipelined = 1): Promise<void> {
  const paths = [LARGEST, `${LARGEST}&after=`, `${LARGEST}&sort=name&after=`];
  for (const path of paths) {
    nobody.neverRead(path, connections, pipelined);
    await sleep(1.5 * SECOND);
  }
}

/** All of it by two accounts and one address, again and again. */
export async function atOnce(scene: Besieged, milliseconds: number): Promise<void> {
  const { nobody, abusers } = scene;
  const again = (lanes: number, make: (abuser: Abuser, index: number) => Promise<Received>) =>
    Promise.all(abusers.map((abuser) => abuser.flood(milliseconds, lanes, (index) => make(abuser, index))));
  const unreadAgain = async () => {
    for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(2 * SECOND)) {
      for (const path of [LARGEST, `${LARGEST}&after=`]) nobody.neverRead(path, 20);
      abusers[0].neverRead(`${LARGEST}&sort=name&after=`, 5, 5);
    }
  };
  await Promise.all([
    unreadAgain(),
    ...abusers.map(openStreams),
    again(1, (abuser) => abuser.post('sample', HOUR)),
    ...HEAVY.map((name) => again(1, (abuser) => abuser.post(name))),
    again(1, (abuser) => abuser.ask('POST', '/tasks', `{"name":"sample","payload":${NESTED}}`)),
    nobody.flood(milliseconds, 2, () => nobody.ask('POST', '/auth/login', `{"username":"x","password":${NESTED}}`)),
    nobody.flood(milliseconds, 2, (index) => nobody.ask('GET', `${PRODUCTS}?page=${9_007_199 + index}`)),
    nobody.flood(milliseconds, 4, (index) => nobody.ask('GET', `${PRODUCTS}?items_per_page=${1 + (index % 60)}`)),
    nobody.flood(milliseconds, 4, () => nobody.send({ path: `/${LONG}` })),
    nobody.flood(milliseconds, 1, (index) => nobody.ask('POST', '/users', accountOf(index))),
  ]);
}

function accountOf(index: number): object {
  const username = `free${index}`;
  return { name: 'Free', username, email: `${username}@example.com`, password: 'Passw0rd-of-tests' };
}

async function openStreams(abuser: Abuser): Promise<void> {
  const { id } = JSON.parse((await abuser.post('sample', HOUR)).text) as { id: number };
  const streams = Array.from({ length: 100 }, () => abuser.stream(`/tasks/${id}/events`));
  await Promise.allSettled(streams);
}

async function cancelAll(abuser: Abuser): Promise<void> {
  const { text } = await abuser.ask('GET', '/tasks?items_per_page=100');
  const { data } = JSON.parse(text) as { data: { id: number; status: string }[] };
  const open = data.filter(({ status }) => ['queued', 'delayed', 'active'].includes(status));
  await Promise.all(open.map(({ id }) => abuser.ask('DELETE', `/tasks/${id}`)));
}

/** Waits until each abuser has got one. */
async function done(database: Besieged['database'], name: string): Promise<void> {
  const owners = `SELECT DISTINCT owner_user_id FROM task WHERE name = $1 AND status = 'completed'`;
  const has = async () => (await database.query(owners, [name])).length === 2;
  await until(has, 30 * SECOND, `each abuser has a ${name}`);
}
