import { isNeverStale, loadsOnce } from '../../platform/cache/coherence.js';
import { type Pair, startPair } from '../../platform/cache/pair.js';

let pair: Pair;
beforeAll(async () => {
  pair = await startPair();
});
afterAll(() => pair.stop());

describe('instances that each cache in their memory', () => {
  isNeverStale(() => pair, 1_000);
  loadsOnce(() => pair);
});
