import { until } from '../support/program.js';
import { type Backend, describeBackends, Lab, report, seconds } from './lab.js';
import { EVEN } from './ledger.js';

const NEIGHBOURS = 100;
const SETTLE_SECONDS = 60;
const END_MILLISECONDS = 300_000;

const POISONS = [
  { name: 'throws', attempts: 3, error: /It always throws/ },
  { name: 'exits', attempts: 6, error: /5 workers died while running it/ },
  // The watchdog ends a worker after 12 s without a turn of its event loop.
  { name: 'blocks', attempts: 6, error: /5 workers died while running it/ },
];

interface DeadLetter {
  status: string;
  payload: object;
  attempts: number;
  error: string;
}

/** In files of their own, as dying five times takes two minutes. */
export function describePoison(backend: Backend): void {
  describeBackends(suite, [backend]);
}

function suite(backend: Backend): void {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open(backend);
    await lab.startApi();
    await lab.database.query('UPDATE "user" SET is_superuser = true');
  }, 60_000);
  afterAll(() => lab.close());

  test('poison ends dead while its neighbours get done', async () => {
    const ends = [lab.supervise(), lab.supervise()];
    await until(() => lab.running.size === 2, 60_000);
    const begun = Date.now();
    const endLoad = lab.load({ each: 4, milliseconds: 200 });
    for (let n = 0; n < NEIGHBOURS / 2; n++) await lab.send(100);
    const poisons = await Promise.all(POISONS.map(async ({ name }) => ({ name, ...(await lab.send(0, name)) })));
    for (let n = 0; n < NEIGHBOURS / 2; n++) await lab.send(100);

    const letter = async (id?: string): Promise<DeadLetter> =>
      (await (await lab.ask(`/admin/tasks/${id}`)).json()) as DeadLetter;
    const lives = poisons.map(async ({ name, id }) => {
      await until(async () => (await letter(id)).status === 'failed', END_MILLISECONDS, `${name} to be dead`);
      return `${name} ${seconds(Date.now() - begun)}`;
    });
    const told = await Promise.all(lives);
    await endLoad();
    for (const [index, { name, attempts, error }] of POISONS.entries()) {
      const dead = await letter(poisons[index]!.id);
      expect({ name, ...dead }).toMatchObject({ error: expect.stringMatching(error), payload: { milliseconds: 0 } });
      // More if it went down with a neighbour, or had to wait until another suspect was done.
      expect(dead.attempts).toBeGreaterThanOrEqual(attempts);
      expect(lab.ledger.runs(name).length).toBeLessThanOrEqual(dead.attempts);
    }
    expect(await lab.ledger.balance(SETTLE_SECONDS)).toEqual(EVEN);
    expect(lab.ledger.acknowledged.size).toBeGreaterThan(NEIGHBOURS);
    const again = lab.ledger.runs().length - lab.ledger.acknowledged.size;
    const neighbours = `${lab.ledger.acknowledged.size} neighbours done, ${again} begun again`;
    report(`${backend}: poison dead after: ${told.join(', ')}; ${neighbours}`);
    for (const end of ends) end();
  }, 400_000);
}
