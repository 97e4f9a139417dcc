import { setTimeout as sleep } from 'node:timers/promises';
import { databaseAt, environment, type Program, start, until } from '../support/program.js';
import { LAB_API, LAB_MIGRATE, LAB_WORKER } from '../support/lab.js';
import { readNames } from '../support/products.js';
import { report, summary } from './lab.js';
import { Postgres } from './postgres.js';
import { Traffic } from './traffic.js';

const RESTARTS = 20;
const EACH_SECOND = 50;
const NORMAL_MILLISECONDS = 5_000;
// Everything is normal again when nothing has failed for so long.
const QUIET_MILLISECONDS = 1_000;

describe.each(['fast', 'immediate'] as const)('PostgreSQL stopped %s', (how) => {
  let postgres: Postgres;
  let api: Program;
  let worker: Program;
  beforeAll(async () => {
    postgres = await Postgres.start(LAB_MIGRATE);
    const env = environment(postgres.url, { LOG_LEVEL: 'error' });
    [api, worker] = await Promise.all([start(LAB_API, env), start(LAB_WORKER, env)]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([api, worker].map((program) => program.stop('SIGKILL')));
    await postgres.stop();
  });

  test(`and started again ${RESTARTS} times under writes loses nothing that was acknowledged`, async () => {
    const traffic = await Traffic.of(api.url);
    traffic.begin(EACH_SECOND);
    const times: number[] = [];
    for (let restart = 0; restart < RESTARTS; restart++) {
      await sleep(500 + Math.random() * 500);
      await postgres.restart(how);
      const back = Date.now();
      const known = traffic.written;
      const isQuiet = () => Date.now() - Math.max(traffic.lastFailure, back) > QUIET_MILLISECONDS;
      const isNormal = () => traffic.written > known && isQuiet();
      await until(isNormal, NORMAL_MILLISECONDS + QUIET_MILLISECONDS, 'writes without failures after the restart');
      times.push(Math.max(0, traffic.lastFailure - back));
    }
    await traffic.end();
    expect(Object.keys(traffic.failures)).toEqual(['503']);
    const database = databaseAt(postgres.url);
    const names = await readNames(database);
    await database.drop();
    expect(traffic.lost(names)).toEqual([]);
    expect(traffic.written).toBeGreaterThan(RESTARTS);
    for (const program of [api, worker]) expect(await program.stop()).toBe(0);
    report(
      `PostgreSQL restarted (${how}) ${RESTARTS} times: ${traffic.written} writes acknowledged, none lost, ${traffic.failures['503']} answers of 503; it was normal again after ${summary(times)}`,
    );
  }, 400_000);
});
