import { COMMENTED } from '../../comments/cached.js';
import { changesOnly } from '../../platform/cache/coherence.js';
import { type Pair, startPair } from '../../platform/cache/pair.js';

let pair: Pair;
beforeAll(async () => {
  pair = await startPair();
});
afterAll(() => pair.stop());

changesOnly(() => pair, COMMENTED);
