import { PREFIX } from '../../support/api.js';
import { send } from '../../support/raw.js';
import { isNeverStale, loadsOnce, showsWrites } from './coherence.js';
import { type Pair, startPair, tamper } from './pair.js';
import { gather } from './writes.js';

let pair: Pair;
beforeAll(async () => {
  pair = await startPair();
});
afterAll(() => pair.stop());

describe('instances that each cache in their memory', () => {
  showsWrites(() => pair);
  isNeverStale(() => pair, 100);
  loadsOnce(() => pair);
});

test('CACHE_ENABLED=false answers what is in the database, which clients may keep as ever', async () => {
  const { api, root, uncached } = pair;
  const { adas } = await gather(api, root);
  const path = `${PREFIX}/posts/${adas.id}`;
  const first = await send(uncached, { path });
  expect(first.headers['cache-control']).toBe('public, max-age=60');
  const known = { path, headers: { 'if-none-match': first.headers.etag } };
  expect((await send(uncached, known)).status).toBe(304);
  await tamper(api);
  const second = await send(uncached, known);
  expect(second.status).toBe(200);
  expect(second.text).not.toBe(first.text);
});
