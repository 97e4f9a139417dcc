import { aWhile, type Lab, post, run, startLab } from '../support/lab.js';
import { answer, tamper } from '../platform/cache/pair.js';
import { PREFIX } from '../support/api.js';
import { writePost } from '../posts/posts.js';
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
      start('main', here),
      start('main', { ...here, NODE_EXTRA_CA_CERTS: undefined }),
      lab.startWorker(),
    ]);
    urls = [lab.api.program.url, direct.url];
  }, 60_000);
  afterAll(async () => {
    await Promise.all([direct.stop(), stranger.stop(), lab.stop()]);
    await sentinel.stop();
  });

  test('is shared by who comes by way of Sentinel and who comes directly', async () => {
    await until(async () => {
      const { id } = await writePost(lab.user);
      const loaded = await answer(urls[0]!, `/posts/${id}`);
      await tamper(lab.api);
      return (await answer(urls[1]!, `/posts/${id}`)) === loaded;
    }, 10_000);
    expect(await run(lab.user, 'lab_pauses')).toMatchObject({ status: 'completed' });
  });

  test('is not trusted by who does not know its certificate, and nothing fails', async () => {
    const { id } = await writePost(lab.user);
    expect(await answer(stranger.url, `/posts/${id}`)).toContain(`"id":${id}`);
    await until(() => /Redis cannot be reached: .*certificate/.test(stranger.output()));
    expect(stranger.output()).not.toContain('canary');
  });

  test('is found by way of the Sentinels that are there, and those that are not fill no log', async () => {
    const url = sentinel.url.replace('/main', `,127.0.0.1:${await freePort()}/main`);
    const api = await start('main', { ...lab.api.env, REDIS_CACHE_URL: url, REDIS_QUEUE_URL: url });
    await aWhile();
    expect(api.output()).not.toMatch(/ioredis|cannot be reached/);
    await api.stop();
  });

  test('that fails over loses no task, and serves no old answers', async () => {
    const { id } = await writePost(lab.user, { title: 'Before' });
    const [path, url] = [`/posts/${id}`, urls[0]!];
    expect(await answer(url, path)).toContain('"Before"');
    await sentinel.master.kill();
    const task = await post(lab.user, 'lab_pauses');
    const change = lab.user.agent.patch(`${PREFIX}/users/${lab.user.username}${path}`);
    await change.send({ title: 'After' }).expect(200);
    expect(await answer(url, path)).toContain('"After"');
    await sentinel.untilTakenOver();
    expect(await ended(lab.user, task)).toMatchObject({ status: 'completed' });
    await until(async () => {
      expect(await answer(url, path)).toContain('"After"');
      return (await sentinel.replica.tell('KEYS cache:answer:*')).includes('answer:');
    }, 10_000);
    expect(lab.api.program.output() + direct.output()).not.toContain('canary');
  }, 60_000);
});
