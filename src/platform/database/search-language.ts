import type { DataSource } from 'typeorm';
import { settingsOf } from '../config/settings.js';
import { IN_LANGUAGE } from './crud/search.js';
import { SearchConfig } from './search.config.js';

const CURRENT = `SELECT obj_description(oid, 'pg_ts_config') AS language FROM pg_ts_config WHERE oid = $1::regconfig`;
// The tables whose triggers read texts in that language, each with the first of the columns.
const SEARCHED = `
  SELECT tgrelid::regclass AS "table", split_part(encode(tgargs, 'escape'), '\\000', 3) AS "column"
  FROM pg_trigger WHERE split_part(encode(tgargs, 'escape'), '\\000', 2) = $1`;

/**
 * Makes `SEARCH_LANGUAGE` the language that texts are searched in. Where it was another one, what is searched is read
 * anew: this takes as long as writing these tables, in one transaction.
 * @returns whether it was another one
 */
export async function applySearchLanguage(dataSource: DataSource): Promise<boolean> {
  const { SEARCH_LANGUAGE: language } = settingsOf(SearchConfig);
  return dataSource.transaction(async (manager) => {
    const [current] = await manager.query<{ language: string }[]>(CURRENT, [IN_LANGUAGE]);
    if (current?.language === language) return false;
    await manager.query(`DROP TEXT SEARCH CONFIGURATION ${IN_LANGUAGE}`);
    await manager.query(`CREATE TEXT SEARCH CONFIGURATION ${IN_LANGUAGE} (COPY = pg_catalog.${language})`);
    await manager.query(`COMMENT ON TEXT SEARCH CONFIGURATION ${IN_LANGUAGE} IS '${language}'`);
    // The trigger follows a column that is written, whatever is written to it.
    const searched = await manager.query<{ table: string; column: string }[]>(SEARCHED, [IN_LANGUAGE]);
    for (const { table, column } of searched) {
      await manager.query(`UPDATE ${table} SET "${column}" = "${column}"`);
    }
    return true;
  });
}
