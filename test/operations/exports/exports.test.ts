/** The export of an account, with the queue in PostgreSQL and in Redis. */
import { exportsAccounts } from '../../exports/exporting.js';
import { type Lab, startLab } from '../../support/lab.js';
import { describeWithRedis, startRedis, type TestRedis } from '../../support/redis.js';

let lab: Lab;

async function begin(redis?: TestRedis): Promise<void> {
  const queue = redis && { REDIS_QUEUE_HOST: '127.0.0.1', REDIS_QUEUE_PORT: String(redis.port) };
  lab = await startLab(queue);
  await lab.startWorker();
}

describe('by a queue in PostgreSQL', () => {
  beforeAll(() => begin(), 60_000);
  afterAll(() => lab.stop());
  exportsAccounts(() => lab);
});

describeWithRedis('by a queue in Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
    await begin(redis);
  }, 60_000);
  afterAll(async () => {
    await lab.stop();
    await redis.kill();
  });
  exportsAccounts(() => lab);
});
