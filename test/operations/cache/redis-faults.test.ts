import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PREFIX, type User } from '../../support/api.js';
import { LAB_API, startLabApi } from '../../support/lab.js';
import { cutListeners } from '../../support/notifications.js';
import { makeProduct, pathOf, PRODUCTS } from '../../support/products.js';
import { expectOnceBelow, type Program, start, until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { describeWithRedis, startRedis, type TestRedis } from '../../support/redis.js';
import { type TcpProxy, startProxy } from '../../support/proxy.js';
import { answer, tamper, warm } from '../../platform/cache/pair.js';

// What Redis may cost, and something for a machine that has other work.
const SLOWED_MILLISECONDS = 100 + 200;
const ROUNDS = 10;

describeWithRedis('a Redis that fails', () => {
  let redis: TestRedis;
  let proxy: TcpProxy;
  let api: Api;
  let instance: Program;
  let urls: string[];
  let ada: User;
  let path: string;
  let name: string;
  let size = 0;
  beforeAll(async () => {
    redis = await startRedis();
    proxy = await startProxy(redis.port);
    api = await startLabApi({ REDIS_CACHE_HOST: '127.0.0.1', REDIS_CACHE_PORT: String(proxy.port) });
    instance = await start(LAB_API, api.env);
    urls = [api.program.url, instance.url];
    ada = await api.signUp();
  });
  afterAll(async () => {
    await Promise.all([instance.stop(), api.stop()]);
    proxy.close();
    await redis.kill();
  });

  beforeEach(async () => {
    name = 'Before';
    path = pathOf(await makeProduct(ada, { name }));
    await mend();
    await warm(api, urls, [path]);
  });

  /** A page that nobody has asked for since the last write. */
  const unread = () => `${PRODUCTS}?items_per_page=${(size++ % 100) + 1}`;

  /** What one instance has loaded, the other has without the database. */
  function untilShared(): Promise<void> {
    return until(async () => {
      const page = unread();
      const loaded = await answer(urls[0]!, page);
      await tamper(api);
      return (await answer(urls[1]!, page)) === loaded;
    }, 10_000);
  }

  const forget = () => cutListeners(api.database, urls.length);

  /** Gives how long it took until the change was acknowledged, in milliseconds. */
  async function change(to: string): Promise<number> {
    name = to;
    const sent = { method: 'PATCH', path: PREFIX + path, token: ada.token, body: { name } };
    const before = performance.now();
    expect(await send(urls[0]!, sent)).toMatchObject({ status: 200 });
    const duration = performance.now() - before;
    expect(await answer(urls[0]!, path)).toContain(`"${name}"`);
    for (const url of urls) await until(async () => (await answer(url, path)).includes(`"${name}"`), 1_000);
    return duration;
  }

  /** Reads and writes for two seconds, all of which must be right; gives how long the slowest took. */
  async function slowest(): Promise<number> {
    const durations = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = performance.now();
      for (const one of await Promise.all([path, unread()].flatMap((read) => urls.map((url) => answer(url, read))))) {
        expect(one).toContain(`"name":"${name}"`);
      }
      durations.push(performance.now() - before);
      if (round % 3 === 0) durations.push(await change(`Round ${round}`));
      await sleep(200);
    }
    return Math.max(...durations);
  }

  async function mend(): Promise<void> {
    proxy.become('open');
    await redis.tell('CONFIG SET maxmemory 0');
    await untilShared();
  }

  /** The cache is in use again, and what the Redis held before the last change is not. */
  async function expectWell(): Promise<void> {
    await change('After');
    await mend();
    await forget();
    await warm(api, urls, [path]);
    for (const url of urls) expect(await answer(url, path)).toContain('"After"');
  }

  test.each([
    ['is gone', async () => proxy.become('gone')],
    ['never answers', async () => proxy.become('silent')],
    ['takes two seconds', async () => proxy.become('slow')],
    ['is out of memory', () => redis.tell('CONFIG SET maxmemory 1')],
  ])('that %s harms no read and no write, and is used again when it is well', async (_, fail) => {
    await expectOnceBelow(SLOWED_MILLISECONDS, async () => {
      await mend();
      await fail();
      await forget();
      return slowest();
    });
    await expectWell();
  });

  const everyKey = (pattern: string, command: string) =>
    redis.tell(`EVAL "for _, key in ipairs(redis.call('KEYS', '${pattern}')) do ${command} end" 0`);
  const setAll = (pattern: string, value: string) => everyKey(pattern, `redis.call('SET', key, '${value}')`);

  describe.each(['*answer:*', '*generation:*'])('that holds under %s', (pattern) => {
    test.each([
      ['what nobody can read', () => setAll(pattern, 'garbage')],
      ['null', () => setAll(pattern, 'null')],
      ['another format', () => setAll(pattern, '{\\"value\\":{\\"text\\":\\"{}\\",\\"tag\\":1}}')],
      ['another type', () => everyKey(pattern, `redis.call('DEL', key) redis.call('RPUSH', key, 'x')`)],
    ])('%s harms nothing', async (_, spoil) => {
      await forget();
      await untilShared();
      await spoil();
      for (const url of urls) expect(await answer(url, path)).toContain('"Before"');
      await expectWell();
    });
  });

  test('that comes back as it was a while ago brings no old answers back', async () => {
    await everyKey('cache:*', `redis.call('COPY', key, 'snapshot:' .. key)`);
    await change('Between');
    proxy.become('gone');
    await everyKey('snapshot:*', `redis.call('COPY', key, string.sub(key, 10), 'REPLACE')`);
    proxy.become('open');
    await untilShared();
    await forget();
    await warm(api, urls, [path]);
    for (const url of urls) expect(await answer(url, path)).toContain('"Between"');
  });

  test('that is lost in the middle of a command and back at once is not lost again', async () => {
    const connections = async () => Number(/total_connections_received:(\d+)/.exec(await redis.tell('INFO stats'))![1]);
    const before = await connections();
    proxy.become('silent');
    await Promise.all(urls.map((url) => answer(url, unread())));
    proxy.become('gone');
    proxy.become('open');
    await sleep(1_500);
    // Those of both, and the second of our own.
    expect((await connections()) - before).toBe(urls.length + 1);
  });
});
