/** Lists from their beginning to their end, by cursor. */

interface Page {
  data: unknown[];
  next: string | null;
}
// A function can be given for one with other parameters only if these are `any`.
// oxlint-disable-next-line typescript/no-explicit-any
type List = (options?: any) => Promise<{ data: unknown }>;
type CursorPage<L extends List> = Extract<Awaited<ReturnType<L>>['data'], Page>;
type Options<L extends List> = Omit<NonNullable<Parameters<L>[0]>, 'throwOnError' | 'responseStyle'>;
type Row<L extends List> = CursorPage<L>['data'][number];
/** What an operation must be given, such as a path, must be given here too. A list without cursors cannot be given. */
type Given<L extends List> = [CursorPage<L>] extends [never]
  ? [never]
  : object extends Options<L>
    ? [options?: Options<L>]
    : [options: Options<L>];

/** Each page of a list: `for await (const { data, total_count } of pages(listUsers))`. A problem is thrown. */
export async function* pages<L extends List>(list: L, ...[options]: Given<L>): AsyncGenerator<CursorPage<L>, void> {
  const { query, ...others } = (options ?? {}) as { query?: object };
  let after: string | null = '';
  while (after !== null) {
    const { data } = await list({ ...others, query: { ...query, after }, throwOnError: true });
    const page = data as CursorPage<L>;
    yield page;
    after = page.next;
  }
}

/** Each row of a list: `for await (const user of rows(listUsers, { query: { search: 'ada' } }))`. A problem is thrown. */
export async function* rows<L extends List>(list: L, ...given: Given<L>): AsyncGenerator<Row<L>, void> {
  for await (const { data } of pages(list, ...given)) yield* data as Row<L>[];
}
