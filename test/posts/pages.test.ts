import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { writePost } from './posts.js';
import { settled } from '../support/program.js';

const KEYSET_PAGE = ['data', 'has_more', 'items_per_page', 'next', 'total_count'];

let api: Api;
let reader: User;
beforeAll(async () => {
  api = await useApi();
  reader = await api.signUp();
});
afterAll(() => api.stop());

interface Page {
  data: { id: number }[];
  total_count: number;
  has_more: boolean;
  next: string | null;
}

const ids = (pages: Page[]) => pages.flatMap(({ data }) => data.map(({ id }) => id));

/** A new user with so many posts, all of the same instant; their ids, newest first. */
async function authorOf(count: number): Promise<{ author: User; path: string; newestFirst: number[] }> {
  const author = await api.signUp();
  const written: number[] = [];
  for (let i = 0; i < count; i++) written.push((await writePost(author)).id);
  await api.database.query('UPDATE post SET created_at = $1 WHERE created_by_user_id = $2', [new Date(), author.id]);
  await settled();
  return { author, path: `${PREFIX}/users/${author.username}/posts`, newestFirst: written.toReversed() };
}

/** Follows `next` from the empty cursor to the end. */
async function walk(path: string, items_per_page: number, between = async () => {}): Promise<Page[]> {
  const pages: Page[] = [];
  for (let after: string | null = ''; after !== null; after = pages.at(-1)!.next) {
    const { body } = await api.http.get(path).query({ after, items_per_page }).expect(200);
    expect(Object.keys(body).toSorted()).toEqual(KEYSET_PAGE);
    pages.push(body);
    await between();
  }
  return pages;
}

test('pages by number are newest first, and those past the end are empty', async () => {
  const { path, newestFirst } = await authorOf(5);
  for (const [page, expected, has_more] of [
    [1, newestFirst.slice(0, 2), true],
    [2, newestFirst.slice(2, 4), true],
    [3, newestFirst.slice(4), false],
    [4, [], false],
    [5_001, [], false],
  ] as const) {
    const { body } = await api.http.get(path).query({ page, items_per_page: 2 }).expect(200);
    const shown = { ...body, data: ids([body]) };
    expect(shown).toEqual({ data: expected, total_count: 5, has_more, page, items_per_page: 2 });
  }
});

test.each([
  [1, 5],
  [2, 3],
  [4, 2],
  [5, 1],
  [6, 1],
])('five posts, %d a page, are walked in %d pages', async (items_per_page, count) => {
  const { path, newestFirst } = await authorOf(5);
  const pages = await walk(path, items_per_page);
  expect(ids(pages)).toEqual(newestFirst);
  expect(pages).toHaveLength(count);
  const facts = pages.map(({ total_count, has_more, next }) => ({ total_count, has_more, hasNext: next !== null }));
  const last = { total_count: 5, has_more: false, hasNext: false };
  expect(facts).toEqual([
    ...Array.from({ length: count - 1 }, () => ({ total_count: 5, has_more: true, hasNext: true })),
    last,
  ]);
});

test('nothing to walk is one empty page', async () => {
  const { path } = await authorOf(0);
  const { body } = await api.http.get(`${path}?after=`).expect(200);
  expect(body).toEqual({ data: [], total_count: 0, has_more: false, next: null, items_per_page: 10 });
});

test('posts that arrive during a walk neither repeat nor hide those that were there', async () => {
  const { author, path, newestFirst } = await authorOf(7);
  const pages = await walk(path, 2, async () => {
    await writePost(author);
    await writePost(author);
  });
  expect(ids(pages)).toEqual(newestFirst);
});

test('a cursor holds although the post that it came from is deleted', async () => {
  const { author, path, newestFirst } = await authorOf(4);
  const { body } = await api.http.get(`${path}?after=&items_per_page=2`).expect(200);
  await author.agent.delete(`${path}/${newestFirst[1]}`).expect(204);
  const { body: rest } = await api.http.get(path).query({ after: body.next }).expect(200);
  expect(ids([rest])).toEqual(newestFirst.slice(2));
});

test('posts that are deleted during a walk hide no others', async () => {
  const { author, path, newestFirst } = await authorOf(9);
  const doomed = [newestFirst[0], newestFirst[1], newestFirst[7]];
  const pages = await walk(path, 2, async () => {
    const id = doomed.shift();
    if (id !== undefined) await author.agent.delete(`${path}/${id}`).expect(204);
  });
  expect(ids(pages)).toEqual(newestFirst.filter((id) => id !== newestFirst[7]));
});

test('the posts of all are walked in one order, by number and by cursor', async () => {
  await authorOf(3);
  await authorOf(3);
  const rows = await api.database.query('SELECT id FROM post WHERE NOT is_deleted ORDER BY id DESC');
  const expected = rows.map(({ id }) => Number(id));
  expect(ids(await walk(`${PREFIX}/posts`, 4))).toEqual(expected);
  const numbered: Page[] = [];
  for (let page = 1; numbered.at(-1)?.has_more ?? true; page++) {
    numbered.push((await api.http.get(`${PREFIX}/posts`).query({ page, items_per_page: 4 }).expect(200)).body);
  }
  expect(ids(numbered)).toEqual(expected);
});

test('a cursor takes the place of a page number', async () => {
  const { path, newestFirst } = await authorOf(3);
  const { body } = await api.http.get(`${path}?page=2&after=&items_per_page=2`).expect(200);
  expect(Object.keys(body).toSorted()).toEqual(KEYSET_PAGE);
  expect(ids([body])).toEqual(newestFirst.slice(0, 2));
});

test('a page number is checked also where a cursor takes its place', async () => {
  const { body } = await refused(api.http.get(`${PREFIX}/posts?page=0&after=`), 422, 'validation_failed');
  expect(body.errors).toEqual([{ field: 'page', message: expect.any(String) }]);
});

const NO_CURSOR = [{ field: 'after', message: 'after must be empty or the next of a page of this list' }];

async function expectNoCursor(path: string, query: string): Promise<void> {
  const { body } = await refused(api.http.get(`${path}?${query}`), 422, 'validation_failed');
  expect({ query, errors: body.errors }).toEqual({ query, errors: NO_CURSOR });
}

test.each([
  ['text', 'after=nonsense'],
  ['signs that no cursor has', 'after=%21%2F%2B'],
  ['a number', 'after=12345'],
  ['an id without a list', 'after=Mg'],
  ['SQL', 'after=1%20OR%201=1'],
  ['two cursors', 'after=Mg&after=Mg'],
])('%s is no cursor', async (_, query) => {
  for (const path of [`${PREFIX}/posts`, `${PREFIX}/users/${reader.username}/posts`]) await expectNoCursor(path, query);
});

test('a cursor that is cut, or of another list, is none', async () => {
  const [one, other] = [await authorOf(2), await authorOf(2)];
  const { body } = await api.http.get(`${one.path}?after=&items_per_page=1`).expect(200);
  const cursor: string = body.next;
  await api.http.get(`${one.path}?after=${cursor}`).expect(200);
  for (const path of [other.path, `${PREFIX}/posts`]) await expectNoCursor(path, `after=${cursor}`);
  for (let at = 0; at < cursor.length; at++) {
    if (at > 0) await expectNoCursor(one.path, `after=${cursor.slice(0, at)}`);
  }
});
