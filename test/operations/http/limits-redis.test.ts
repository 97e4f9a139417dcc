import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, startApi } from '../../support/api.js';
import { atOnce, BEHIND_PROXY, freshAddress, inTurn } from '../../support/attempts.js';
import { askFrom, expectLimited, left, statuses } from '../../support/limits.js';
import { expectOnceBelow, type Program, start, until } from '../../support/program.js';
import type { Received } from '../../support/raw.js';
import { describeWithRedis, startRedis, type TestRedis } from '../../support/redis.js';

const SETTINGS = { DEFAULT_RATE_LIMIT_LIMIT: '30', AUTH_RATE_LIMIT_LIMIT: '10', ...BEHIND_PROXY };
// What a command may take, and something for a machine that has other work.
const SLOWED_MILLISECONDS = 100 + 200;
// Of twelve in turn.
const OWN = [...Array<number>(10).fill(401), 429, 429];
const SHARED_MILLISECONDS = 500;

describeWithRedis('instances that share a Redis', () => {
  let redis: TestRedis;
  let api: Api;
  let other: Program;
  let port: number;
  beforeAll(async () => {
    ({ port } = redis = await startRedis());
    api = await startApi({ ...SETTINGS, REDIS_CACHE_HOST: '127.0.0.1', REDIS_CACHE_PORT: String(port) });
    other = await start('main', api.env);
    await untilShared();
  });
  afterAll(async () => {
    await redis.kill();
    await Promise.all([other.stop(), api.stop()]);
  });

  /** A strict route: 401, or 429 past the limit. */
  const refresh = (from: string, at = api.program): Promise<Received> =>
    askFrom(at.url, { path: '/auth/refresh', method: 'POST', from });
  const read = (from: string, at = api.program): Promise<Received> => askFrom(at.url, { path: '/users', from });
  const admitted = (answers: Received[]) => statuses(answers).filter((status) => status !== 429).length;

  /** Waits until each instance counts in Redis. */
  async function untilShared(): Promise<void> {
    await until(async () => {
      const from = freshAddress();
      await refresh(from);
      await refresh(from, other);
      return left(await refresh(from))[1] === '7';
    });
  }

  /** Both instances let in as many requests of an address as if they were alone. */
  async function expectOwnCounts(): Promise<void> {
    const from = freshAddress();
    const answers = await inTurn(24, (index) => refresh(from, index < 12 ? api.program : other));
    expect(statuses(answers)).toEqual([...OWN, ...OWN]);
  }

  /** How long the quickest of some requests takes that are made at once. */
  async function quickest(ask: () => Promise<Received>): Promise<number> {
    const durations = await atOnce(3, async () => {
      const before = performance.now();
      await ask();
      return performance.now() - before;
    });
    return Math.min(...durations);
  }

  test('the strict limit is exact, in turn', async () => {
    const from = freshAddress();
    const answers = await inTurn(10, (index) => refresh(from, index % 2 ? other : api.program));
    expect(new Set(statuses(answers))).toEqual(new Set([401]));
    expect(answers.map((answer) => left(answer)[1])).toEqual(['9', '8', '7', '6', '5', '4', '3', '2', '1', '0']);
    for (const at of [api.program, other]) expectLimited(await refresh(from, at), '10');
    expect(left(await refresh(freshAddress(), other))).toEqual(['10', '9']);
  });

  test.each([
    ['at one instance', (): Program[] => [api.program]],
    ['at both', (): Program[] => [api.program, other]],
  ])('the strict limit is exact when all come at once, %s', async (_, instances) => {
    const from = freshAddress();
    const at = instances();
    const answers = await atOnce(30, (index) => refresh(from, at[index % at.length]));
    expect(admitted(answers)).toBe(10);
  });

  test('the general limit is shared in the background', async () => {
    const from = freshAddress();
    await inTurn(30, () => read(from));
    await sleep(SHARED_MILLISECONDS);
    expect((await read(from, other)).status).toBe(200);
    await sleep(SHARED_MILLISECONDS);
    for (const at of [api.program, other]) expectLimited(await read(from, at), '30');
  });

  test('while Redis hangs each instance counts for itself, hardly slower, and says so', async () => {
    await expectOnceBelow(SLOWED_MILLISECONDS, async () => {
      redis.hang();
      try {
        const from = freshAddress();
        const durations = [await quickest(() => read(from)), await quickest(() => refresh(from))];
        await expectOwnCounts();
        for (const at of [api.program, other]) await until(() => at.output().includes('Redis cannot be reached'));
        return Math.max(...durations);
      } finally {
        redis.goOn();
        await untilShared();
      }
    });
  });

  test('nobody is counted twice for what came while Redis hung', async () => {
    const from = freshAddress();
    redis.hang();
    await atOnce(3, () => refresh(from));
    await inTurn(3, () => refresh(from));
    redis.goOn();
    await untilShared();
    expect(left(await refresh(from, other))[1]).toMatch(/^[3-9]$/);
    expect(left(await refresh(from))).toEqual(['10', '2']);
  });

  test('while Redis is gone each instance counts for itself, and what it counted is shared by a new one', async () => {
    const [from, early] = [freshAddress(), freshAddress()];
    await inTurn(6, () => refresh(early));
    await redis.kill();
    await expectOwnCounts();
    await inTurn(5, () => refresh(from));
    await inTurn(3, () => refresh(from, other));
    redis = await startRedis(port);
    await untilShared();
    expect(left(await refresh(early))).toEqual(['10', '3']);
    expect(left(await refresh(early, other))).toEqual(['10', '2']);
    expect(left(await refresh(from))).toEqual(['10', '4']);
    // A busy machine may not have it hear of the others with the first of these, but then with the second.
    const answers = await inTurn(2, () => refresh(from, other));
    expect(answers.map((answer) => left(answer)[1])).toContain('0');
  });

  test('the API starts while Redis is away, and shares when it is there', async () => {
    await redis.kill();
    const late = await start('main', api.env);
    try {
      const early = freshAddress();
      expect(statuses(await inTurn(12, () => refresh(early, late)))).toEqual(OWN);
      redis = await startRedis(port);
      await untilShared();
      await until(async () => {
        const from = freshAddress();
        await refresh(from);
        return left(await refresh(from, late))[1] === '8';
      });
    } finally {
      await late.stop();
    }
  });
});
