import { flatNames, type Projection } from './projection.js';

/**
 * The rows of a list as long as they have no more than `most` bytes of JSON together, at least the first; `found` is how
 * many the list has. The length of a long text is known without reading it, so that no more than `most` bytes of them are
 * read to find out what JSON makes of them. Where they have to be so many `rows`, or all that there are, and are not, only
 * the first is read.
 */
export function measured(
  list: string,
  projection: Projection,
  { most, rows }: { most: string; rows?: string | false },
): string {
  const { columns, long } = projection;
  if (!columns.includes('id')) throw new Error('The rows of a list are measured in the order of their ids: select id');
  const names = flatNames(projection)
    .map((name) => `"${name}"`)
    .join(', ');
  const lengths = long.map((name) => `coalesce(octet_length(page."${name}"), 0)`).join(' + ') || '0';
  const sized = `SELECT page.*, count(*) OVER () AS "found", row_number() OVER newest AS "nth",
    sum(${lengths}) OVER newest AS "text_bytes" FROM (${list}) page WINDOW newest AS (ORDER BY page."id" DESC)`;
  const summed = `SELECT sized.*, sum(octet_length(row_to_json(sized)::text)) OVER (ORDER BY "id" DESC) AS "json_bytes"
    FROM (${sized}) sized WHERE "nth" = 1 OR "text_bytes" <= ${most}`;
  const counted = `SELECT summed.*, count(*) FILTER (WHERE "json_bytes" <= ${most}) OVER () AS "fitting"
    FROM (${summed}) summed`;
  const fits = rows ? `"json_bytes" <= ${most} AND "fitting" >= least("found", ${rows})` : `"json_bytes" <= ${most}`;
  return `SELECT ${names}, "found" FROM (${counted}) counted WHERE "nth" = 1 OR ${fits} ORDER BY "id" DESC`;
}
