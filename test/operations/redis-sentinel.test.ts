import { aWhile, type Lab, LAB_API, post, run, startLab } from '../support/lab.js';
import { answer, tamper } from '../platform/cache/pair.js';
import { PREFIX } from '../support/api.js';
import { makeProduct, pathOf } from '../support/products.js';
import { freePort, type Program, start, until } from '../support/program.js';
import { describeWithTls, startSentinel, type TestSentinel } from '../support/redis-sentinel.js';
import { ended } from '../tasks/watch.js';

describeWithTls('a Redis with TLS that Sentinel watches over', () => {
  let sentinel: TestSentinel;
  let lab: Lab;
  let direct: Program;
  let stranger: Program;
  let urls: string[];
  beforeAll(async () => {
    sentinel = await startSentinel();
    const { url, ca, masterUrl } = sentinel;
    lab = await startLab({ REDIS_CACHE_URL: url, REDIS_QUEUE_URL: url, NODE_EXTRA_CA_CERTS: ca });
    const { env } = lab.api;
    const here = { ...env, REDIS_CACHE_URL: masterUrl, REDIS_QUEUE_URL: masterUrl };
    [direct, stranger] = await Promise.all([
      start(LAB_API, here),
      start(LAB_API, { ...here, NODE_EXTRA_CA_CERTS: undefined }),
      lab.startWorker(),
    ]);
    urls = [lab.api.program.url, direct.url];
  });
  afterAll(async () => {
    await Promise.all([direct.stop(), stranger.stop(), lab.stop()]);
    await sentinel.stop();
  });

  test('is shared by who comes by way of Sentinel and who comes directly', async () => {
    await until(async () => {
      const path = pathOf(await makeProduct(lab.user));
      const loaded = await answer(urls[0]!, path);
      await tamper(lab.api);
      return (await answer(urls[1]!, path)) === loaded;
    }, 10_000);
    expect(await run(lab.user, 'lab_pauses')).toMatchObject({ status: 'completed' });
  });

  test('is not trusted by who does not know its certificate, and nothing fails', async () => {
    const product = await makeProduct(lab.user);
    expect(await answer(stranger.url, pathOf(product))).toContain(`"id":${product.id}`);
    await until(() => /Redis cannot be reached: .*certificate/.test(stranger.output()));
    expect(stranger.output()).not.toContain('canary');
  });

  test('is found by way of the Sentinels that are there, and those that are not fill no log', async () => {
    const url = sentinel.url.replace('/main', `,127.0.0.1:${await freePort()}/main`);
    const api = await start(LAB_API, { ...lab.api.env, REDIS_CACHE_URL: url, REDIS_QUEUE_URL: url });
    await aWhile();
    expect(api.output()).not.toMatch(/ioredis|cannot be reached/);
    await api.stop();
  });

  test('that fails over loses no task, and serves no old answers', async () => {
    const [path, url] = [pathOf(await makeProduct(lab.user, { name: 'Before' })), urls[0]!];
    expect(await answer(url, path)).toContain('"Before"');
    await sentinel.master.kill();
    const task = await post(lab.user, 'lab_pauses');
    const change = lab.user.agent.patch(PREFIX + path);
    await change.send({ name: 'After' }).expect(200);
    expect(await answer(url, path)).toContain('"After"');
    await sentinel.untilTakenOver();
    expect(await ended(lab.user, task)).toMatchObject({ status: 'completed' });
    await until(async () => {
      expect(await answer(url, path)).toContain('"After"');
      return (await sentinel.replica.tell('KEYS cache:answer:*')).includes('answer:');
    }, 10_000);
    expect(lab.api.program.output() + direct.output()).not.toContain('canary');
  });
});
