import { IsIn } from 'class-validator';
import { Settings } from '../config/settings.js';

// Those that PostgreSQL comes with: \dF in psql.
const LANGUAGES =
  'arabic armenian basque catalan danish dutch english estonian finnish french german greek hindi hungarian indonesian irish italian lithuanian nepali norwegian portuguese romanian russian serbian simple spanish swedish tamil turkish yiddish';

/** How texts are searched. */
@Settings()
export class SearchConfig {
  /** Of the texts that are searched: their words are found in other forms, too. `migrate` applies it. */
  @IsIn(LANGUAGES.split(' ')) SEARCH_LANGUAGE = 'english';
}
