import { PREFIX } from '../../support/api.js';
import { until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { PUBLIC_READS, ROUTES } from '../../support/routes.js';
import { newScene } from '../../support/scenes.js';
import { isNeverStale, loadsOnce, showsWrites } from '../../platform/cache/coherence.js';
import { answers, type Pair, startPair, tamper } from '../../platform/cache/pair.js';
import { ACCOUNTS } from '../../platform/cache/writes.js';

let pair: Pair;
beforeAll(async () => {
  pair = await startPair();
});
afterAll(() => pair.stop());

// Before the others, which change rows behind the back of the cache.
test.each(ROUTES.filter(({ method }) => method !== 'GET'))('$name leaves nothing stale', async (route) => {
  const { api, root, own, other, uncached } = pair;
  const scene = await newScene(api, root);
  const paths = await Promise.all(PUBLIC_READS.map(({ template }) => scene.filled(template)));
  const sent = await scene.ready(route);
  for (const url of [own, other, own, other]) await answers(url, paths);
  expect(await send(own, sent)).toMatchObject({ status: route.status });
  const right = await answers(uncached, paths);
  expect(await answers(own, paths)).toEqual(right);
  await until(async () => JSON.stringify(await answers(other, paths)) === JSON.stringify(right));
});

describe('instances that each cache in their memory', () => {
  showsWrites(() => pair);
  isNeverStale(() => pair, 1_000);
  loadsOnce(() => pair);
});

test('CACHE_ENABLED=false answers what is in the database, which clients may keep as ever', async () => {
  const { api, root, uncached } = pair;
  const { ada } = await ACCOUNTS.gather(api, root);
  const path = `${PREFIX}/users/${ada.username}`;
  const first = await send(uncached, { path });
  expect(first.headers['cache-control']).toBe('public, max-age=60');
  const known = { path, headers: { 'if-none-match': first.headers.etag } };
  expect((await send(uncached, known)).status).toBe(304);
  await tamper(api);
  const second = await send(uncached, known);
  expect(second.status).toBe(200);
  expect(second.text).not.toBe(first.text);
});
