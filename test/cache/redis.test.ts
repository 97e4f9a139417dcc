import { until } from '../support/program.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import { isNeverStale, loadsOnce, showsWrites } from './coherence.js';
import { answer, type Pair, startPair, warm } from './pair.js';
import { gather } from './writes.js';

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
      const { adas } = await gather(api, root);
      const path = `/posts/${adas.id}`;
      await warm(api, [own], [path]);
      return (await answer(other, path)) === (await answer(own, path));
    });
  });

  showsWrites(() => pair);
  isNeverStale(() => pair, 300);
  loadsOnce(() => pair);
});
