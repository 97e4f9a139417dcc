import { PageQuery } from '../lists/pagination.js';
import { ValidationPipe } from './validation.pipe.js';

class OtherQuery extends PageQuery {}

const pipe = new ValidationPipe();
const read = (sent: object, metatype = PageQuery) => pipe.transform(sent, { type: 'query', metatype });

test('a query that was read before is not read again', async () => {
  const first = await read({ page: '2' });
  expect(first).toMatchObject({ page: 2, items_per_page: 10 });
  expect(await read({ page: '2' })).toBe(first);
  expect(Object.isFrozen(first)).toBe(true);
});

test.each([
  ['another value', { page: '3' }, PageQuery],
  ['another class', { page: '2' }, OtherQuery],
])('%s is another query', async (_, sent, metatype) => {
  expect(await read(sent, metatype)).not.toBe(await read({ page: '2' }));
});

test.each([{ page: '0' }, { pages: '1' }, { page: ['1', '1'] }])('%j is refused each time', async (sent) => {
  await expect(read(sent)).rejects.toThrow();
  await expect(read(sent)).rejects.toThrow();
});

test('no more than a thousand queries are remembered', async () => {
  const first = await read({ page: '1' });
  for (let rows = 1; rows <= 10; rows++) {
    for (let page = 1; page <= 100; page++) await read({ page: String(page), items_per_page: String(rows) });
  }
  expect(await read({ page: '1' })).not.toBe(first);
});
