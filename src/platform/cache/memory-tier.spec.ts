import { MemoryTier } from './memory-tier.js';

const MAX_BYTES = 20_000;
const TTL = 60;

function keep(tier: MemoryTier, id: string, bytes = 1_000, keys = [`key of ${id}`]) {
  return tier.load(id, keys, TTL, async () => ({ body: Buffer.alloc(bytes), etag: `"${id}"` }));
}

test('what is asked for most stays, however old', async () => {
  const tier = new MemoryTier(MAX_BYTES);
  await keep(tier, 'hot');
  for (let index = 0; index < 100; index++) {
    await keep(tier, `cold ${index}`);
    expect(tier.get('hot')?.etag).toBe('"hot"');
  }
  expect(tier.get('cold 0')).toBeUndefined();
  expect(tier.get('cold 99')).toBeDefined();
});

test('has no more bytes than it may', async () => {
  const tier = new MemoryTier(MAX_BYTES);
  for (let index = 0; index < 100; index++) await keep(tier, String(index), 4_000);
  const kept = Array.from({ length: 100 }, (_, index) => tier.get(String(index))).filter(Boolean);
  expect(kept).toHaveLength(Math.floor(MAX_BYTES / 4_502));
});

test('one that is larger than all together is answered, and displaces none', async () => {
  const tier = new MemoryTier(MAX_BYTES);
  await keep(tier, 'small');
  expect((await keep(tier, 'large', MAX_BYTES)).body).toHaveLength(MAX_BYTES);
  expect([tier.get('large'), tier.get('small')?.etag]).toEqual([undefined, '"small"']);
});

test('knows no key whose answers are gone', async () => {
  const tier = new MemoryTier(MAX_BYTES);
  for (let index = 0; index < 1_000; index++) await keep(tier, String(index), index % 2 ? 1_000 : MAX_BYTES);
  expect((tier as unknown as { keys: Map<string, unknown> }).keys.size).toBeLessThan(20);
  for (let index = 0; index < 1_000; index++) tier.drop(`key of ${index}`);
  expect(tier.get('999')).toBeUndefined();
  tier.clear();
  expect((tier as unknown as { keys: Map<string, unknown> }).keys.size).toBe(0);
});

test('a dropped key takes all its answers along, and those on their way', async () => {
  const tier = new MemoryTier(MAX_BYTES);
  await keep(tier, 'one', 1, ['a', 'b']);
  await keep(tier, 'two', 1, ['b', 'c']);
  const late = keep(tier, 'late', 1, ['b']);
  await keep(tier, 'other', 1, ['a']);
  tier.drop('b');
  await late;
  expect(['one', 'two', 'late'].map((id) => tier.get(id))).toEqual([undefined, undefined, undefined]);
  expect(tier.get('other')).toBeDefined();
});
