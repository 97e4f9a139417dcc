import { aWhile, type Lab, LAB_API, post, startLab } from '../support/lab.js';
import { answer, tamper, warm } from '../platform/cache/pair.js';
import { PREFIX } from '../support/api.js';
import { makeProduct, pathOf, PRODUCTS } from '../support/products.js';
import { BEHIND_PROXY, freshAddress, inTurn } from '../support/attempts.js';
import { askFrom, left } from '../support/limits.js';
import { type Program, linesWith, start, until } from '../support/program.js';
import { cutListeners, listeners } from '../support/notifications.js';
import { describeWithRedis, type TestRedis } from '../support/redis.js';
import { startCluster, type TestCluster } from '../support/redis-cluster.js';
import { ended } from '../tasks/watch.js';

// What stands for all answers, and has to be known for each of them.
const EVERY_ANSWER = 'cache:generation:*';

describeWithRedis('a Redis Cluster', () => {
  let cluster: TestCluster;
  let lab: Lab;
  let other: Program;
  let worker: Program;
  let urls: string[];
  beforeAll(async () => {
    cluster = await startCluster();
    const redis = { REDIS_CACHE_URL: cluster.url, REDIS_QUEUE_URL: cluster.url };
    lab = await startLab({ ...redis, ...BEHIND_PROXY, AUTH_RATE_LIMIT_LIMIT: '10' });
    [other, worker] = await Promise.all([start(LAB_API, lab.api.env), lab.startWorker()]);
    urls = [lab.api.program.url, other.url];
  });
  afterAll(async () => {
    await Promise.all([other.stop(), lab.stop()]);
    await cluster.stop();
  });

  /** What one instance has loaded, the other has without the database. */
  async function expectShared(): Promise<void> {
    await until(async () => {
      const path = pathOf(await makeProduct(lab.user));
      const loaded = await answer(urls[0]!, path);
      await tamper(lab.api);
      return (await answer(urls[1]!, path)) === loaded;
    }, 20_000);
  }

  /** Has all instances forget what is in their memory. */
  async function forgetAll(): Promise<void> {
    const { database } = lab.api;
    await cutListeners(database, (await listeners(database)).length);
  }

  /** Of a strict route, one request at each instance in turn; how many each had left. */
  async function attempts(): Promise<unknown[]> {
    const from = freshAddress();
    const ask = (index: number) => askFrom(urls[index % 2]!, { path: '/auth/refresh', method: 'POST', from });
    return (await inTurn(4, ask)).map((one) => left(one)[1]);
  }

  test('keeps answers on all of its servers, and the queue on one', async () => {
    await expectShared();
    for (let round = 0; round < 12; round++) await answer(urls[0]!, `${PRODUCTS}?page=${round + 1}`);
    await until(async () => (await cluster.holders('cache:*answer:*')).length === 3);
    expect(await ended(lab.user, await post(lab.user, 'lab_pauses'))).toMatchObject({ status: 'completed' });
    expect(await cluster.holders('*bull*')).toHaveLength(1);
    expect(await cluster.holders('{bull}:tasks:meta')).toHaveLength(1);
  });

  test('counts attempts for all instances', async () => {
    await until(async () => (await attempts()).join() === '9,8,7,6');
  });

  test('a task that waits is taken out of its queue', async () => {
    const running = await post(lab.user, 'lab_alone', { milliseconds: 1_000 });
    await until(async () => (await lab.user.agent.get(running)).body.status === 'active');
    const waiting = await post(lab.user, 'lab_alone');
    await until(async () => (await cluster.holders('{bull}:tasks-lab_alone:wait')).length === 1);
    await lab.user.agent.delete(waiting).expect(204);
    expect(await cluster.holders('{bull}:tasks-lab_alone:wait')).toEqual([]);
    expect(await ended(lab.user, running)).toMatchObject({ status: 'completed' });
  });

  /**
   * A product that all instances have in their caches, and what renames it and sees to it that they all know.
   * @param on the server that tells whether its answer is good
   */
  async function made(on?: number) {
    const product = await makeProduct(lab.user, { name: 'Before' });
    if (on !== undefined && (await cluster.ownerOf(`cache:generation:lab_product:${product.id}`)) !== on)
      return made(on);
    const path = pathOf(product);
    await warm(lab.api, urls, [path]);
    cluster.remember();
    const expectName = async (name: string) => {
      for (const url of urls) await until(async () => (await answer(url, path)).includes(`"${name}"`), 1_000);
    };
    const rename = async (name: string) => {
      await lab.user.agent
        .patch(PREFIX + path)
        .send({ name })
        .expect(200);
      await expectName(name);
    };
    return { path, rename, expectName };
  }

  test.each([
    // By the slots of their keys.
    ['the server of the queue and of what is stale', 1],
    ['another server', 0],
  ])('without %s nothing fails, and with it all goes on', async (_, index) => {
    const { rename, expectName } = await made();
    await cluster.nodes[index]!.kill();
    const task = await post(lab.user, 'lab_pauses');
    for (const name of ['At once', 'When it is down']) {
      await rename(name);
      expect(await attempts()).toHaveLength(4);
      await cluster.untilDown(index);
    }
    await cluster.revive(index);
    await expectShared();
    await expectName('When it is down');
    expect(await ended(lab.user, task)).toMatchObject({ status: 'completed' });
    await until(async () => (await attempts()).join() === '9,8,7,6');
    // Once a minute.
    expect(linesWith(worker, 'Cluster redirections').length).toBeLessThanOrEqual(2);
  });

  test('servers that come back as they were a while ago bring no old answers back', async () => {
    const { rename, expectName } = await made();
    await rename('After');
    await Promise.all(cluster.nodes.map((node) => node.kill()));
    await expectName('After');
    await Promise.all(cluster.nodes.map((_, index) => cluster.revive(index)));
    await expectShared();
    await forgetAll();
    await expectName('After');
    expect(await ended(lab.user, await post(lab.user, 'lab_pauses'))).toMatchObject({ status: 'completed' });
  });

  test('while a slot moves to a server that hangs nothing fails', async () => {
    const { rename, expectName } = await made();
    const owner = await cluster.ownerOf(EVERY_ANSWER);
    const target = (owner + 1) % 3;
    const stay = await cluster.move(EVERY_ANSWER, target);
    cluster.nodes[target]!.hang();
    await cluster.nodes[owner]!.tell(`DEL ${EVERY_ANSWER}`);
    for (const name of ['Asked', 'Asked again']) await rename(name);
    await cluster.untilDown(target);
    cluster.nodes[target]!.goOn();
    await stay();
    await expectShared();
    await expectName('Asked again');
  });

  test('a refused password is an outage, and in no log', async () => {
    const url = cluster.url.replace(/:\/\/.*@/, '://app:canary@');
    const redis = { REDIS_CACHE_URL: url, REDIS_QUEUE_URL: url };
    const programs = await Promise.all([start(LAB_API, { ...lab.api.env, ...redis }), lab.startWorker(redis)]);
    for (const [index, contexts] of [['Queue', 'RedisConnection'], ['Queue']].entries()) {
      const program = programs[index]!;
      const lines = () => linesWith(program, 'WRONGPASS');
      await until(() => lines().length >= contexts.length);
      await aWhile();
      expect(
        lines()
          .map((line) => JSON.parse(line).context)
          .toSorted(),
      ).toEqual(contexts);
      expect(program.output()).not.toContain('canary');
      await program.stop();
    }
  });

  test('a replica that dies takes no answers along', async () => {
    const { path } = await made();
    const before = await answer(urls[0]!, path);
    const [, replica] = await cluster.follow(0);
    const again = await start(LAB_API, lab.api.env);
    await aWhile();
    await replica!.kill();
    await aWhile();
    await warm(lab.api, [again.url], [`${PRODUCTS}?page=77`]);
    await forgetAll();
    for (const url of urls) expect(await answer(url, path)).toBe(before);
    await again.stop();
  });

  describe('with a replica of the server of the queue', () => {
    let index: number;
    let pair: TestRedis[];
    beforeAll(async () => {
      index = await cluster.ownerOf('{bull}');
      pair = await cluster.follow(index);
    });

    /** The one that others follow, and the one that follows it. */
    async function inOrder(): Promise<TestRedis[]> {
      const roles = await Promise.all(pair.map((node) => node.tell('ROLE')));
      return roles[0]!.includes('master') ? pair : pair.toReversed();
    }

    test('a server that is deposed while it is in use brings no old answers back', async () => {
      const { path, rename } = await made(index);
      const [master, replica] = (await inOrder()) as [TestRedis, TestRedis];
      for (const name of ['masterauth', 'masteruser']) await replica.tell(`CONFIG SET ${name} nobody`);
      await replica.tell('CLIENT KILL TYPE master');
      await rename('After');
      // Each instance that hears of it tells Redis.
      await aWhile();
      await replica.tell('CLUSTER FAILOVER TAKEOVER');
      await until(async () => (await master.tell('ROLE')).includes('slave'));
      for (let round = 0; round < 2; round++) {
        await forgetAll();
        for (const url of urls) expect(await answer(url, path)).toContain('"After"');
        await expectShared();
      }
    });

    test('its queue goes on when it hangs', async () => {
      const [master, replica] = (await inOrder()) as [TestRedis, TestRedis];
      master.hang();
      const task = await post(lab.user, 'lab_pauses');
      await until(async () => (await replica.tell('ROLE')).includes('master'));
      expect(await ended(lab.user, task)).toMatchObject({ status: 'completed' });
      master.goOn();
    });
  });
});
