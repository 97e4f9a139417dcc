/** A queue in a Redis that cannot be reached, or answers nothing. */
import { aWhile, type Lab, post, runsOf, startLab } from '../support/lab.js';
import { type Environment, freePort, linesWith, start, until } from '../support/program.js';
import { describeWithRedis, HOST, startRedis, type TestRedis } from '../support/redis.js';
import { ended } from '../tasks/watch.js';

const CANARY = 'canary-5d3c1f';

const on = (port: number): Environment => ({ REDIS_QUEUE_HOST: HOST, REDIS_QUEUE_PORT: String(port) });

describeWithRedis('a queue in a Redis', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.stop());

  test('that refuses the password is an outage, and the password is in no log', async () => {
    const redis = await startRedis();
    await redis.tell('CONFIG SET requirepass another');
    const env = { ...lab.api.env, REDIS_QUEUE_URL: `redis://:${CANARY}@${HOST}:${redis.port}` };
    const programs = await Promise.all([start('main', env), start('worker', env)]);
    for (const program of programs) await until(() => program.output().includes('WRONGPASS'));
    await aWhile();
    for (const program of programs) {
      expect(linesWith(program, 'WRONGPASS')).toHaveLength(1);
      expect(program.output()).not.toContain(CANARY);
    }
    await Promise.all(programs.map((program) => program.stop()));
    await redis.kill();
  });

  test('that has no such database is an outage, and another one is not used', async () => {
    const redis = await startRedis();
    const worker = await lab.startWorker({ REDIS_QUEUE_URL: `redis://${HOST}:${redis.port}/9999` });
    await until(() => worker.output().includes('DB index is out of range'));
    await post(lab.user, 'lab_pauses');
    await until(() => worker.output().includes('tasks do not reach the queue'));
    await worker.stop();
    expect(await redis.tell('DBSIZE')).toMatch(/^:0/);
    await redis.kill();
  });

  test('that comes late is told of each task once', async () => {
    const port = await freePort();
    const worker = await lab.startWorker(on(port));
    const path = await post(lab.user, 'lab_pauses');
    await until(() => worker.output().includes('tasks do not reach the queue'));
    for (let seconds = 0; seconds < 3; seconds++) await aWhile();
    const redis = await startRedis(port);
    expect(await ended(lab.user, path)).toMatchObject({ status: 'completed' });
    await aWhile();
    expect(await redis.tell('XRANGE bull:tasks:events - +')).not.toContain('duplicated');
    expect(await worker.stop()).toBe(0);
    await redis.kill();
  });

  test.each([
    ['is gone', (redis: TestRedis) => redis.kill()],
    ['hangs', async (redis: TestRedis) => redis.hang()],
  ])('that %s keeps neither API nor worker from stopping, and what runs gets its time', async (_, fail) => {
    const redis = await startRedis();
    const worker = await lab.startWorker({ ...on(redis.port), WORKER_SHUTDOWN_SECONDS: '4' });
    const api = await start('main', { ...lab.api.env, ...on(redis.port) });
    const paths = [3_000, 60_000].map((milliseconds) => post(lab.user, 'lab_pauses', { milliseconds }));
    const [short, long] = (await Promise.all(paths)) as [string, string];
    for (const path of [short, long]) await until(async () => (await runsOf(lab, path)).length === 1);
    await fail(redis);
    await aWhile();
    expect(await Promise.all([api.stop(), worker.stop()])).toEqual([0, 0]);
    expect((await runsOf(lab, short))[0]!.ended_at).not.toBeNull();
    expect((await runsOf(lab, long))[0]!.ended_at).toBeNull();
    for (const program of [api, worker]) expect(linesWith(program, '"level":50')).toEqual([]);
    await redis.kill();
  });

  test('that is not there from the beginning keeps neither API nor worker from stopping', async () => {
    const nowhere = on(await freePort());
    const programs = await Promise.all([start('main', { ...lab.api.env, ...nowhere }), lab.startWorker(nowhere)]);
    await aWhile();
    expect(await Promise.all(programs.map((program) => program.stop()))).toEqual([0, 0]);
  });
});
