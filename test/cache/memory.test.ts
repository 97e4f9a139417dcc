import { isNeverStale, loadsOnce, showsWrites } from './coherence.js';
import { type Pair, startPair } from './pair.js';

let pair: Pair;
beforeAll(async () => {
  pair = await startPair();
});
afterAll(() => pair.stop());

describe('instances that each cache in their memory', () => {
  showsWrites(() => pair);
  isNeverStale(() => pair, 1_000);
  loadsOnce(() => pair);
});
