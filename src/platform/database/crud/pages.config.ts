import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../../config/settings.js';

/** The largest cost of one page of a list. */
@Settings()
export class PagesConfig {
  /** Rows before a page that is asked for by number: PostgreSQL walks past them. */
  @IsInt() @Min(0) @Max(1_000_000_000) PAGE_MAX_SKIPPED_ROWS = 10_000;
  /** Bytes of JSON; a page of one row may have more. */
  @IsInt() @Min(64 * 1024) @Max(1024 ** 3) ANSWER_MAX_BYTES = 4 * 1024 * 1024;
}
