import { setTimeout as sleep } from 'node:timers/promises';
import { databaseAt, environment, type Program, start, until } from '../support/program.js';
import { often, report, summary } from './lab.js';
import { Postgres } from './postgres.js';
import { Traffic } from './traffic.js';

const RESTARTS = often(4, 20);
const EACH_SECOND = 50;
const NORMAL_MILLISECONDS = 5_000;

describe.each(['fast', 'immediate'] as const)('PostgreSQL stopped %s', (how) => {
  let postgres: Postgres;
  let api: Program;
  beforeAll(async () => {
    postgres = await Postgres.start();
    api = await start('main', environment(postgres.url, { LOG_LEVEL: 'error' }));
  }, 60_000);
  afterAll(async () => {
    await api.stop('SIGKILL');
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
      await until(() => traffic.written > known, NORMAL_MILLISECONDS, 'a write after the restart');
      times.push(Date.now() - back);
    }
    await traffic.end();
    expect(Object.keys(traffic.failures)).toEqual(['503']);
    const database = databaseAt(postgres.url);
    const rows = await database.query<{ title: string }>('SELECT title FROM post');
    await database.drop();
    expect(traffic.lost(rows.map(({ title }) => title))).toEqual([]);
    expect(traffic.written).toBeGreaterThan(RESTARTS);
    expect(await api.stop()).toBe(0);
    report(
      `PostgreSQL restarted (${how}) ${RESTARTS} times: ${traffic.written} writes acknowledged, none lost, ${traffic.failures['503']} answers of 503; the next write took ${summary(times)}`,
    );
  }, 400_000);
});
