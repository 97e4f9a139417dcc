/** The baseline for tasks: BullMQ alone, on the backend of the settings, told what to do by messages. */
import { createPostgresBackend, createRedisBackend, Queue, setDefaultBackendFactory, Worker } from 'bullmq';

const NAME = 'bare';
const { POSTGRES_URL, REDIS_QUEUE_HOST: host, REDIS_QUEUE_PORT: port } = process.env;
setDefaultBackendFactory(host ? createRedisBackend : createPostgresBackend);
const connection = host ? { host, port: Number(port) } : { connectionString: POSTGRES_URL, max: 10 };
const queue = new Queue(NAME, { connection, defaultJobOptions: { attempts: 3, removeOnComplete: { age: 900 } } });
await queue.waitUntilReady();

const commands = { add, fill, work, clear };
process.on('message', ({ command, ...options }) => {
  void commands[command](options).then((answer) => process.send(answer));
});
process.once('disconnect', () => process.exit());
process.send({ listening: NAME });

/** Adds one by one, so many at a time, for so many seconds. */
async function add({ atOnce, seconds }) {
  const end = performance.now() + seconds * 1000;
  let added = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (; performance.now() < end; added++) await queue.add('noop', { payload: {} });
    }),
  );
  return { per_second: added / seconds };
}

async function fill({ count }) {
  for (let left = count; left > 0; left -= 500) {
    await queue.addBulk(Array.from({ length: Math.min(left, 500) }, () => ({ name: 'noop', data: { payload: {} } })));
  }
  return {};
}

/** Empties a queue of ours. */
async function clear({ name }) {
  const ours = new Queue(name, { connection });
  await ours.obliterate({ force: true });
  await ours.close();
  return {};
}

/** Runs what waits, until it has run so many. */
async function work({ count, concurrency }) {
  let done = 0;
  let begun;
  let resolve;
  const all = new Promise((then) => (resolve = then));
  const worker = new Worker(
    NAME,
    async () => {
      begun ??= performance.now();
      if (++done === count) resolve();
    },
    { connection, concurrency },
  );
  await all;
  const per_second = (count / (performance.now() - begun)) * 1000;
  await worker.close();
  return { per_second };
}
