import { PREFIX } from '../../support/api.js';
import { holdAnswers } from '../../support/held-answers.js';
import { cutListeners } from '../../support/notifications.js';
import { start, until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { describeWithRedis, startRedis, type TestRedis } from '../../support/redis.js';
import { isNeverStale, loadsOnce, showsWrites } from '../../platform/cache/coherence.js';
import { answer, type Pair, startPair, warm } from '../../platform/cache/pair.js';
import { ACCOUNTS } from '../../platform/cache/writes.js';

describeWithRedis('instances that share a Redis', () => {
  let redis: TestRedis;
  let pair: Pair;
  beforeAll(async () => {
    redis = await startRedis();
    pair = await startPair({ REDIS_CACHE_HOST: '127.0.0.1', REDIS_CACHE_PORT: String(redis.port) });
  });
  afterAll(async () => {
    await redis.kill();
    await pair.stop();
  });

  test('what one has loaded the others need not', async () => {
    const { api, root, own, other } = pair;
    await until(async () => {
      const { ada } = await ACCOUNTS.gather(api, root);
      const path = `/users/${ada.username}`;
      await warm(api, [own], [path]);
      return (await answer(other, path)) === (await answer(own, path));
    });
  });

  test('what was loaded before a change is stored nowhere when it arrives after it', async () => {
    const { api, root, other } = pair;
    const answers = await holdAnswers(api.database.url);
    const late = await start('main', { ...api.env, POSTGRES_URL: answers.url });
    try {
      const { ada } = await ACCOUNTS.gather(api, root);
      const path = `/users/${ada.username}`;
      await warm(api, [late.url, other], ['/users']);
      const { held, release } = answers.hold('crud_');
      const early = answer(late.url, path);
      await held;
      const change = { path: PREFIX + path, method: 'PATCH', token: ada.token };
      expect(await send(late.url, { ...change, body: { name: 'Changed' } })).toMatchObject({ status: 200 });
      expect(await answer(late.url, path)).toContain('"Changed"');
      release();
      expect(await early).not.toContain('"Changed"');
      expect(await answer(late.url, path)).toContain('"Changed"');
      await cutListeners(api.database, 3);
      for (const url of [late.url, other]) {
        await warm(api, [url], [path]);
        expect(await answer(url, path)).toContain('"Changed"');
      }
    } finally {
      await late.stop();
      answers.close();
    }
  });

  showsWrites(() => pair);
  isNeverStale(() => pair, 100);
  loadsOnce(() => pair);
});
