/** The export of an account, with the queue in Redis. */
import { exportsAccounts } from '../../exports/exporting.js';
import { type Lab, startLab } from '../../support/lab.js';
import { describeWithRedis, startRedis, type TestRedis } from '../../support/redis.js';

describeWithRedis('the queue in Redis', () => {
  let redis: TestRedis;
  let lab: Lab;
  beforeAll(async () => {
    redis = await startRedis();
    lab = await startLab({ REDIS_QUEUE_HOST: '127.0.0.1', REDIS_QUEUE_PORT: String(redis.port) });
    await lab.startWorker();
  });
  afterAll(async () => {
    await lab.stop();
    await redis.kill();
  });

  exportsAccounts(() => lab);
});
