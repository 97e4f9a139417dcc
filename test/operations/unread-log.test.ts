/** What becomes of a program whose log nobody reads. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { begin, createDatabase, environment, type TestDatabase, linesWith, until } from '../support/program.js';
import { isAlive } from '../support/project.js';

const LANES = 8;
const AHEAD = 8;
// As much of a path as a line holds.
const PATH = `/${'n'.repeat(199)}`;
const REQUEST = `GET ${PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const LINES = 60_000;
// Of all lines; they have some 24 MB.
const KEPT_CHARACTERS = 18_000_000;

let database: TestDatabase;
let api: ReturnType<typeof begin>;
let url: string;
beforeAll(async () => {
  database = await createDatabase();
  api = begin('main', environment(database.url, { LOG_REFUSED_PER_SECOND: '1000000' }));
  url = await api.listening;
});
afterAll(async () => {
  api.child.kill('SIGKILL');
  api.child.stdout!.destroy();
  await database.drop();
});

/** Has at least so many lines logged: of requests sent ahead, eight at a time on each of a few connections. */
async function log(lines: number): Promise<void> {
  let left = lines;
  const lane = async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('latin1');
    while (left > 0) {
      left -= AHEAD;
      socket.write(REQUEST.repeat(AHEAD));
      await answers(socket, AHEAD);
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Resolves when so many answers have come. */
async function answers(socket: Socket, count: number): Promise<void> {
  for (let text = ''; text.split('HTTP/1.1 404').length <= count || !text.endsWith('}');) {
    const [part] = (await once(socket, 'data')) as [string];
    text += part;
  }
}

function written(): number {
  return linesWith(api, PATH).length;
}

/** There may have been room for a moment, so that it is told of more than once. */
function lost(): number {
  const told = linesWith(api, '"log lines were lost because nobody read them"');
  return told.reduce((sum, line) => sum + (JSON.parse(line) as { lines: number }).lines, 0);
}

/** Whether all lines are there; looks only when no more has come, as a look at all of them keeps the rest waiting. */
function hasAll(lines: number): () => boolean {
  let seen = -1;
  return () => {
    const { length } = api.output();
    const isQuiet = length === seen;
    seen = length;
    return isQuiet && written() + lost() === lines;
  };
}

test('it keeps 16 MB, says how much more there was, and stops all the same', async () => {
  const { child, output, stop } = api;
  child.stdout!.pause();
  await log(LINES);
  child.stdout!.resume();
  await until(hasAll(LINES), 60_000, 'every line is written or told of as lost');
  expect(lost()).toBeGreaterThan(0);
  expect(output().length).toBeLessThan(KEPT_CHARACTERS);

  child.stdout!.pause();
  await log(5_000);
  const stopped = stop();
  await until(() => !isAlive(child.pid!));
  child.stdout!.resume();
  expect(await stopped).toBe(0);
}, 180_000);
