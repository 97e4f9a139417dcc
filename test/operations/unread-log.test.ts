/** What becomes of a program whose log nobody reads. */
import { Agent } from 'node:http';
import { begin, createDatabase, environment, type TestDatabase, until } from '../support/program.js';
import { isAlive } from '../support/project.js';
import { send } from '../support/raw.js';

const LANES = 8;
const LINE_CHARACTERS = 10_000;
const PATH = `/${'n'.repeat(LINE_CHARACTERS)}`;

let database: TestDatabase;
let api: ReturnType<typeof begin>;
let url: string;
beforeAll(async () => {
  database = await createDatabase();
  api = begin('main', environment(database.url));
  url = await api.listening;
}, 60_000);
afterAll(async () => {
  api.child.kill('SIGKILL');
  api.child.stdout!.destroy();
  await database.drop();
});

/** Has so many lines logged. */
async function log(lines: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: LANES });
  let left = lines;
  const lane = async () => {
    while (left-- > 0) expect((await send(url, { path: PATH, agent })).status).toBe(404);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  agent.destroy();
}

function written(): number {
  return linesWith(PATH).length;
}

/** There may have been room for a moment, so that it is told of more than once. */
function lost(): number {
  const told = linesWith('"log lines were lost because nobody read them"');
  return told.reduce((sum, line) => sum + (JSON.parse(line) as { lines: number }).lines, 0);
}

const linesWith = (text: string) =>
  api
    .output()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.includes(text));

test('it keeps 16 MB, says how much more there was, and stops all the same', async () => {
  const { child, output, stop } = api;
  child.stdout!.pause();
  await log(2_400);
  child.stdout!.resume();
  await until(() => written() + lost() === 2_400, 10_000, 'every line is written or told of as lost');
  expect(output().length).toBeLessThan(1_800 * LINE_CHARACTERS);

  child.stdout!.pause();
  await log(100);
  const stopped = stop();
  await until(() => !isAlive(child.pid!), 10_000);
  child.stdout!.resume();
  expect(await stopped).toBe(0);
}, 60_000);
