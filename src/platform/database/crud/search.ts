/** Full-text search (https://www.postgresql.org/docs/current/textsearch-controls.html). */

/** The text search configuration of texts in `SEARCH_LANGUAGE`; a migration makes it, and `migrate` keeps it. */
export const IN_LANGUAGE = 'public.search_language';
/** That of names and codes: words as they are. */
export const AS_WRITTEN = 'pg_catalog.simple';

interface Words {
  configuration: string;
  /** The parameter that has the text, in the syntax of `websearch_to_tsquery`. */
  words: string;
  /** Whether the last word may go on. */
  begins: boolean;
}

/**
 * The condition that a `tsvector` column matches. A text that names no word that a row must have (none but stop words,
 * or words to leave out) matches nothing: the index could not tell, and all of it would be read.
 */
export function searchSql(column: string, { configuration, words, begins }: Words): string {
  const query = `websearch_to_tsquery('${configuration}', ${words})`;
  // Only a query that ends in a word, not in a parenthesis, can go on.
  const open = `CASE WHEN right(${query}::text, 1) = '''' THEN (${query}::text || ':*')::tsquery ELSE ${query} END`;
  return `${column} @@ ${begins ? `(${open})` : query} AND querytree(${query}) <> ALL ('{"",T}')`;
}
