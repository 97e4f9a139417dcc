/** In which order the rows of a list come, and where in it a page begins. */

/** By a column, and by id among rows that are alike there. As in an index, null is larger than any value. */
export interface Order {
  column: string;
  isDescending: boolean;
}

/** The place of a row in an order: what it has in the column, as PostgreSQL writes it, and its id. */
export interface Position {
  value: string | null;
  id: number;
}

export const NEWEST_FIRST: Order = { column: 'id', isDescending: true };

/** An order in a statement: after which kind of position it begins, and whether the column may be null. */
export interface ListShape extends Order {
  isNullable: boolean;
  after?: 'id' | 'value' | 'null';
}

/** What a row is known by in an order that is not that of the ids. */
export const VALUE = '$value';
export const MERGED = ['$order', '$id'];

export function listShape(order: Order, isNullable: boolean, after?: Position): ListShape {
  const kind = order.column === 'id' ? 'id' : after?.value === null ? 'null' : 'value';
  return { ...order, isNullable, after: after && kind };
}

/** The values that a shape takes after those of its filter. */
export function positionValues({ after }: Pick<ListShape, 'after'>, position?: Position): unknown[] {
  if (!position) return [];
  return after === 'value' ? [position.value, position.id] : [position.id];
}

/**
 * The rows after a position: one condition; or two where the column has values and nulls, because one condition for both
 * would have an index read from its beginning.
 * @param next the number of the first parameter
 */
export function rowsAfter({ column, isDescending, isNullable, after }: ListShape, next: number): string[] {
  if (after === undefined) return [];
  const [name, compare] = [`"t"."${column}"`, isDescending ? '<' : '>'];
  if (after === 'id') return [`"t"."id" ${compare} $${next}`];
  if (after === 'value') {
    const values = `(${name}, "t"."id") ${compare} ($${next}, $${next + 1})`;
    return isNullable && !isDescending ? [values, `${name} IS NULL`] : [values];
  }
  const nulls = `${name} IS NULL AND "t"."id" ${compare} $${next}`;
  return isDescending ? [nulls, `${name} IS NOT NULL`] : [nulls];
}

/**
 * What is selected besides the row, as SQL and its name.
 * @param isSorted whether rows are sorted when they have been selected
 */
export function placeColumns({ column }: Order, isSorted: boolean): [sql: string, name: string][] {
  const columns = [`"t"."${column}"`, '"t"."id"'].map((sql, index): [string, string] => [sql, MERGED[index]!]);
  const value: [string, string] = [`CAST("t"."${column}" AS text)`, VALUE];
  return [...(column === 'id' ? [] : [value]), ...(isSorted ? columns : [])];
}

/** The rows of all branches in their order. `slice` is LIMIT and OFFSET. */
export function ordered(branches: string[], order: Order, slice: string): string {
  const names = order.column === 'id' ? ['"t"."id"'] : [`"t"."${order.column}"`, '"t"."id"'];
  const lists = branches.map((branch) => `${branch} ORDER BY ${by(names, order)} ${slice}`);
  if (lists.length === 1) return lists[0]!;
  return bySelected(lists.map((list) => `(${list})`).join(' UNION ALL '), order, slice);
}

/** The same of few rows: OFFSET has them found without regard to their order. */
export function sorted(rows: string, order: Order, slice: string): string {
  return bySelected(`${rows} OFFSET 0`, order, slice);
}

function bySelected(rows: string, order: Order, slice: string): string {
  const names = MERGED.map((name) => `"${name}"`);
  return `SELECT * FROM (${rows}) AS list ORDER BY ${by(names, order)} ${slice}`;
}

function by(names: string[], { isDescending }: Order): string {
  return names.map((name) => (isDescending ? `${name} DESC` : name)).join(', ');
}
