/** What strangers send as photos, to an API with the memory of a container, while others use it. */
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { type Api, PREFIX, startApi, type User } from '../../support/api.js';
import { beginLimited, type Limited, LIMITED_BY } from '../../support/limited.js';
import { watchOthers } from '../../support/processors.js';
import { begin } from '../../support/program.js';
import { expectProblem, send } from '../../support/raw.js';
import { pathOf, put, read } from '../../photos/photos.js';
import { carriers, MARK } from './carriers.js';
import { plain } from '../../photos/images.js';
import { HOSTILE } from './hostile-files.js';
import { png } from './png.js';

const LIMIT_MEGABYTES = 512;
const ANSWER_MILLISECONDS = 5_000;
const OTHERS_MILLISECONDS = 200;
const PAUSE_MILLISECONDS = 25;

const STORAGE_FOLDER = mkdtempSync(join(tmpdir(), 'photos-'));
let api: Api;
let limited: Limited;
let url: string;
let ada: User;
beforeAll(async () => {
  api = await startApi({ STORAGE_FOLDER });
  ada = await api.signUp();
  limited = beginLimited('main', { ...api.env, STORAGE_FOLDER });
  url = await limited.listening;
});
afterAll(async () => {
  await limited.stop();
  await api.stop();
});

const stored = () =>
  readdirSync(STORAGE_FOLDER, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());

/** How long others wait, until `work` is done. */
async function othersDuring(work: () => Promise<void>): Promise<number[]> {
  const waits: number[] = [];
  const state = { isDone: false };
  const watching = (async () => {
    while (!state.isDone) {
      const begun = performance.now();
      expect((await send(url, { path: `${PREFIX}/users?items_per_page=5` })).status).toBe(200);
      waits.push(performance.now() - begun);
      await sleep(PAUSE_MILLISECONDS);
    }
  })();
  await work().finally(() => (state.isDone = true));
  await watching;
  return waits.toSorted((a, b) => a - b);
}

test('there are sixty of them, each with a name of its own', () => {
  expect(new Set(HOSTILE.map(([name]) => name)).size).toBeGreaterThanOrEqual(60);
});

test('each is refused in time, others are answered meanwhile, and no file is left', async () => {
  const files = await Promise.all(HOSTILE.map(async ([name, status, made]) => ({ name, status, bytes: await made() })));
  const slowdown = watchOthers();
  const seen: { name: string; status: number; ms: number }[] = [];
  const waits = await othersDuring(async () => {
    for (const { name, bytes } of files) {
      const begun = performance.now();
      const sent = { method: 'PUT', path: pathOf(ada), token: ada.token, body: bytes, type: 'image/png' };
      const answer = await send(url, sent);
      seen.push({ name, status: answer.status, ms: performance.now() - begun });
      if (answer.status >= 400) expectProblem(answer, answer.status);
    }
  });
  expect(seen.map(({ name, status }) => ({ name, status }))).toEqual(
    files.map(({ name, status }) => ({ name, status })),
  );
  const slower = slowdown();
  const longest = seen.toSorted((a, b) => b.ms - a.ms)[0]!;
  const usual = waits[Math.floor(waits.length * 0.99)]!;
  process.stderr.write(
    `hostile photos at ${LIMIT_MEGABYTES} MB (${LIMITED_BY}): peak ${limited.peak()} MB, longest ${Math.round(longest.ms)} ms ` +
      `(${longest.name}), others ${Math.round(usual)} ms at the 99th percentile of ${waits.length}, slowdown ${slower.toFixed(1)}\n`,
  );
  expect(longest.ms / slower).toBeLessThan(ANSWER_MILLISECONDS);
  expect(usual / slower).toBeLessThan(OTHERS_MILLISECONDS);
  expect(limited.isAlive()).toBe(true);
  expect(stored()).toEqual([]);
});

test('the costliest that are taken fit, one after another', async () => {
  const files = [
    png({ width: 7_000, height: 7_000, interlaced: true }),
    png({ width: 7_000, height: 7_000, depth: 16, colour: 2 }),
    await plain(4_000, 3_000).avif({ effort: 0, quality: 20 }).toBuffer(),
  ];
  for (const body of files) {
    const sent = { method: 'PUT', path: pathOf(ada), token: ada.token, body, type: 'image/png' };
    expect([200, 422, 503]).toContain((await send(url, sent)).status);
  }
  process.stderr.write(`the costliest photos: peak ${limited.peak()} MB\n`);
  expect(limited.isAlive()).toBe(true);
});

test('of many at once a few are rendered in their turn, and the others are told to come again', async () => {
  const body = await plain(3_000, 3_000).avif({ effort: 0, quality: 20 }).toBuffer();
  const sent = { method: 'PUT', path: pathOf(ada), token: ada.token, body, type: 'image/png' };
  const answers = await Promise.all(Array.from({ length: 12 }, () => send(url, sent)));
  const refused = answers.filter(({ status }) => status === 503);
  // One is rendered and eight wait.
  expect(refused.length).toBeGreaterThanOrEqual(3);
  for (const answer of refused) {
    expectProblem(answer, 503, 'too_many_photos');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  }
  expect(answers.map(({ status }) => status)).toContain(200);
  expect(limited.isAlive()).toBe(true);
});

// To be less nice than it was begun takes rights that programs have only as root.
test('an API that is nicer than what renders photos takes them as well', async () => {
  const nice = begin('main', { ...api.env, STORAGE_FOLDER }, [], ['nice', '-n', '15']);
  const sent = { method: 'PUT', path: pathOf(ada), token: ada.token, body: await plain(9, 9).png().toBuffer() };
  // The second of a machine that has no time for it.
  expect([200, 503]).toContain((await send(await nice.listening, { ...sent, type: 'image/png' })).status);
  expect(await nice.stop()).toBe(0);
});

test.each(carriers)('%s leaves a picture without what it carries', async (_, made) => {
  const sent = await made();
  expect(sent.includes(MARK)).toBe(true);
  await put(ada, sent).expect(200);
  for (const size of [64, 256, 1_024]) {
    const picture = await read(api, `${pathOf(ada)}?size=${size}`);
    expect(picture.includes(MARK)).toBe(false);
    const { exif, xmp, icc, iptc } = await sharp(picture).metadata();
    expect({ exif, xmp, icc, iptc }).toEqual({});
  }
  expect(stored()).toHaveLength(3);
});
