/** Walks lists in every order that they declare, while rows come and go. */
import type { Api } from './api.js';
import { Contract } from './openapi.js';
import { send } from './raw.js';

const PAGE = 4;

export interface WalkedList {
  path: string;
  token?: string;
  table: string;
  /** Which rows the list shows; others are not touched. */
  where: string;
  /** Inserts so many rows, of which some are alike and some have nothing in a column. */
  insert: (count: number) => Promise<unknown>;
}

interface Page {
  data: { id: number }[];
  next: string | null;
}

/** What `sort` takes for a list, and that it may be left out. */
export async function ordersOf({ program }: Api, path: string): Promise<string[]> {
  const { text } = await send(program.url, { path: '/openapi.json' });
  const template = path.replace(/\/users\/[a-z0-9]+\//, '/users/{username}/');
  const list = new Contract(text).operations().find(({ route }) => route === `GET ${template}`)!;
  const orders = list.parameters.find(({ name }) => name === 'sort')?.schema.enum ?? [];
  return ['', ...(orders as string[])];
}

/**
 * Expects a walk to show every row that was there all the time, once and in its order, although after each page rows are
 * inserted, one that was shown is deleted, and one that was not.
 */
export async function expectWalk(api: Api, list: WalkedList, sort: string): Promise<void> {
  await list.insert(30);
  const before = await idsOf(api, list);
  const deleted = new Set<number>();
  const shown: number[] = [];
  for (let after: string | null = ''; after !== null;) {
    const page: Page = await pageOf(api, list, sort, after);
    shown.push(...page.data.map(({ id }) => id));
    after = page.next;
    await list.insert(1);
    const hidden = before.filter((id) => !shown.includes(id) && !deleted.has(id));
    const known = shown.findLast((id) => before.includes(id));
    for (const id of [known, hidden[hidden.length >> 1]]) if (id !== undefined) deleted.add(id);
    await api.database.query(`DELETE FROM "${list.table}" WHERE id = ANY($1)`, [[...deleted]]);
  }
  expect(new Set(shown).size).toBe(shown.length);
  const stayed = (await idsOf(api, list, sort)).filter((id) => before.includes(id));
  expect(stayed.length).toBeGreaterThan(10);
  expect(shown.filter((id) => stayed.includes(id))).toEqual(stayed);
}

async function pageOf({ program }: Api, list: WalkedList, sort: string, after: string): Promise<Page> {
  const query = new URLSearchParams({ after, items_per_page: String(PAGE), ...(sort && { sort }) });
  const { status, text } = await send(program.url, { path: `${list.path}?${query.toString()}`, token: list.token });
  expect({ status, text: status === 200 ? '' : text }).toEqual({ status: 200, text: '' });
  return JSON.parse(text) as Page;
}

async function idsOf({ database }: Api, { table, where }: WalkedList, sort = ''): Promise<number[]> {
  const [column, direction] = sort.startsWith('-') ? [sort.slice(1), 'DESC'] : [sort || 'id', sort ? 'ASC' : 'DESC'];
  const order = `"${column}" ${direction}, id ${direction}`;
  const rows = await database.query<{ id: string }>(`SELECT id FROM "${table}" WHERE ${where} ORDER BY ${order}`);
  return rows.map(({ id }) => Number(id));
}
