/** Two instances of the API on one database that remember callers, and how soon the other one hears of a change. */
import { type Api, startApi, type User } from './api.js';
import { asksDatabase } from './locks.js';
import { type Environment, expectOnceBelow, start, until } from './program.js';

const TRIES = 10;
const MILLISECONDS = 100;

export interface TwoInstances {
  api: Api;
  root: User;
  /** Of the instance that makes changes, and of the other one. */
  urls: [here: string, there: string];
  stop: () => Promise<void>;
}

export interface Change {
  act: () => Promise<unknown>;
  isSeen: (url: string) => Promise<boolean>;
}

export async function startTwoInstances(settings: Environment = {}): Promise<TwoInstances> {
  const api = await startApi(settings);
  const other = await start('main', api.env);
  const root = await api.superuser();
  const urls: TwoInstances['urls'] = [api.program.url, other.url];
  // From now on both listen for changes and remember callers.
  for (const url of urls) await until(async () => !(await asksDatabase(api.database, url, root.token)));
  const stop = async () => {
    await other.stop();
    await api.stop();
  };
  return { api, root, urls, stop };
}

/** A change is seen here at once, and there within so many milliseconds, for once of a few tries. */
export async function expectSeenSoon(
  urls: TwoInstances['urls'],
  prepare: () => Change | Promise<Change>,
  limit = MILLISECONDS,
): Promise<void> {
  const take = async () => {
    const { act, isSeen } = await prepare();
    // Twice, so that what is asked for the second time comes from memory.
    for (const url of [...urls, ...urls]) expect(await isSeen(url)).toBe(false);
    await act();
    const answeredAt = performance.now();
    const there = until(() => isSeen(urls[1])).then(() => performance.now() - answeredAt);
    const [isSeenHere, elapsed] = await Promise.all([isSeen(urls[0]), there]);
    expect(isSeenHere).toBe(true);
    return elapsed;
  };
  await expectOnceBelow(limit, take, TRIES);
}
