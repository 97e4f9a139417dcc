import { IsOptional, IsString } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { RequestKeys } from './request-keys.js';
import type { ReadPlan } from './cache-plans.js';

class NotesQuery {
  @IsOptional() @IsString() a?: string;
  @IsOptional() @IsString() b?: string;
}

const plan = { name: 'Notes.list', query: NotesQuery } as ReadPlan;
const requestOf = (url: string, query: object, params = {}) => ({ url, query, params }) as FastifyRequest;

test('a query has one name, whatever the order of its parameters', async () => {
  const ids = new RequestKeys();
  const name = await ids.of(plan, requestOf('/notes?a=1&b=2', { a: '1', b: '2' }));
  expect(await ids.of(plan, requestOf('/notes?b=2&a=1', { b: '2', a: '1' }))).toBe(name);
  const names = new Set([name]);
  for (const query of [{ a: '2', b: '1' }, { a: '1' }, { b: '2' }, {}]) {
    names.add(await ids.of(plan, requestOf(`/notes?${names.size}`, query)));
  }
  expect(names.size).toBe(5);
});

test('a URL that is known costs no promise, and one that is not valid is not kept', async () => {
  const ids = new RequestKeys();
  const good = requestOf('/notes?a=1', { a: '1' });
  const name = await ids.of(plan, good);
  expect(ids.of(plan, good)).toBe(name);
  const bad = requestOf('/notes?c=1', { c: '1' });
  expect([await ids.of(plan, bad), ids.of(plan, bad)]).toEqual([undefined, expect.any(Promise)]);
});

test('of URLs the last 10,000 are remembered, and none that is long', async () => {
  const ids = new RequestKeys();
  const isKnown = (url: string) => typeof ids.of(plan, requestOf(url, { a: '1' })) === 'string';
  const long = `/notes?${'x'.repeat(300)}`;
  await ids.of(plan, requestOf(long, { a: '1' }));
  expect(isKnown(long)).toBe(false);
  for (let index = 0; index < 10_001; index++) await ids.of(plan, requestOf(`/notes?${index}`, { a: '1' }));
  expect([isKnown('/notes?1'), isKnown('/notes?10000')]).toEqual([true, true]);
  expect(isKnown('/notes?0')).toBe(false);
});
