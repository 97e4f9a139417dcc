import { type Lab, startLab } from '../../support/lab.js';
import type { Program } from '../../support/program.js';
import { describeWithRedis, startRedis, type TestRedis } from '../../support/redis.js';
import { redisQueue } from '../../tasks/forging.js';
import { cancelsWhatIsLate } from '../../tasks/late.js';
import { runsTasks } from '../../tasks/main-flows.js';

describeWithRedis('the queue in Redis', () => {
  let redis: TestRedis;
  let lab: Lab;
  let worker: Program;
  beforeAll(async () => {
    redis = await startRedis();
    lab = await startLab({ REDIS_QUEUE_HOST: '127.0.0.1', REDIS_QUEUE_PORT: String(redis.port) });
    worker = await lab.startWorker();
  });
  afterAll(async () => {
    await lab.stop();
    await redis.kill();
  });

  runsTasks(
    () => lab,
    redisQueue(() => redis.port),
  );
  cancelsWhatIsLate(
    () => lab,
    () => worker,
    async () => {
      redis.hang();
      return async () => redis.goOn();
    },
  );

  test('nothing of it is in PostgreSQL', async () => {
    const { api } = lab;
    expect(await api.database.query('SELECT id FROM bullmq.job')).toEqual([]);
    expect(await redis.tell('EXISTS bull:tasks:meta')).toMatch(/^:1/);
  });
});
