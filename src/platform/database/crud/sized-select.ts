/** Which rows, by names and SQL of which none comes from outside. */
export interface Rows<T> {
  table: string;
  /** With `id`. */
  columns: (keyof T & string)[];
  /** The column that says whose they are. */
  owner: string;
  condition?: string;
}

/**
 * The next rows of the owner `$1` after the id `$2`: as many of the first `$3` as begin within `$4` bytes. Lengths are taken
 * after the limit: else a plan that sorts writes every row that is left out as text.
 */
export function sizedSelect<T>({ table, columns, owner, condition = 'true' }: Rows<T>): string {
  const names = columns.map((name) => `"${name}"`).join(', ');
  const bytes = columns.map((name) => `coalesce(octet_length("${name}"::text), 0)`).join(' + ');
  return `
    SELECT ${names} FROM (
      SELECT ${names}, sum(${bytes}) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
      FROM (
        SELECT ${names} FROM ${table} WHERE ${owner} = $1 AND id > $2 AND ${condition} ORDER BY id LIMIT $3
      ) AS next
    ) AS sized
    WHERE coalesce(bytes_before, 0) < $4 ORDER BY id`;
}
