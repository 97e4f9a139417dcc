import { flatNames, type Projection } from './projection.js';

/**
 * The rows of a list as long as they have no more than `most` bytes of JSON together, at least the first; `found` is how
 * many the list has. The length of a long text is known without reading it, so that no more than `most` bytes of them are
 * read to find out what JSON makes of them. Where they have to be so many `rows`, or all that there are, and are not, only
 * the first is read.
 * @param more columns of the list that are not of the projection
 */
export function measured(
  list: string,
  projection: Projection,
  { most, rows, more }: { most: string; rows?: string | false; more: string[] },
): string {
  const { long } = projection;
  const names = [...flatNames(projection), ...more].map((name) => `"${name}"`).join(', ');
  const lengths = long.map((name) => `coalesce(octet_length(page."${name}"), 0)`).join(' + ') || '0';
  const numbered = `SELECT list.*, row_number() OVER () AS "nth" FROM (${list}) list`;
  const sized = `SELECT page.*, count(*) OVER () AS "found", sum(${lengths}) OVER (ORDER BY "nth") AS "text_bytes"
    FROM (${numbered}) page`;
  const summed = `SELECT sized.*, sum(octet_length(row_to_json(sized)::text)) OVER (ORDER BY "nth") AS "json_bytes"
    FROM (${sized}) sized WHERE "nth" = 1 OR "text_bytes" <= ${most}`;
  const counted = `SELECT summed.*, count(*) FILTER (WHERE "json_bytes" <= ${most}) OVER () AS "fitting"
    FROM (${summed}) summed`;
  const fits = rows ? `"json_bytes" <= ${most} AND "fitting" >= least("found", ${rows})` : `"json_bytes" <= ${most}`;
  return `SELECT ${names}, "found" FROM (${counted}) counted WHERE "nth" = 1 OR ${fits} ORDER BY "nth"`;
}
