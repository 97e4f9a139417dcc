/**
 * What a client with a few free accounts can ask for to use a process up: API and worker, at 512 MB and with the limits
 * that they have by default, live through each of it, and others notice nothing.
 */
import { Besieged, seed, summary, unserved } from '../support/besieged.js';
import { LIMITED_BY } from '../support/limited.js';
import { ABUSES, atOnce } from '../support/abuses.js';
import type { TestDatabase } from '../support/program.js';

const SIEGE_MILLISECONDS = 20_000;

let seeded: TestDatabase;
let scene: Besieged;
beforeAll(async () => {
  seeded = await seed();
});
beforeEach(async () => {
  scene = await Besieged.begin(seeded);
});
afterEach(() => scene.end());
afterAll(() => seeded?.drop());

test.each([...Object.entries(ABUSES), ['all at once by two accounts and one address', allAtOnce] as const])(
  '%s',
  async (name, abuse) => {
    const seen = await scene.watch(abuse).finally(() => tell(name));
    tell(name, summary(seen));
    expect({ api: scene.api.isAlive(), worker: scene.worker.isAlive() }).toEqual({ api: true, worker: true });
    expect(unserved(seen)).toEqual({});
    await scene.servesWitness();
  },
);

function allAtOnce(): Promise<void> {
  return atOnce(scene, SIEGE_MILLISECONDS);
}

/** The figures, which a person can hold against those of another day. */
function tell(name: string, noticed = ''): void {
  const { api, worker } = scene;
  const facts = `API ${api.peak()} MB, worker ${worker.peak()} MB by ${LIMITED_BY}; median/longest ms: ${noticed}`;
  if (noticed || !api.isAlive() || !worker.isAlive()) process.stderr.write(`${name}: ${facts}\n`);
}
