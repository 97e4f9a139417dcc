import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../platform/config/settings.js';

/** What is kept of comments; 0 turns a quota off. */
@Settings()
export class CommentsConfig {
  @IsInt() @Min(0) @Max(1_000_000_000) COMMENTS_MAX_PER_OWNER = 10_000;
  @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER) COMMENTS_MAX_BYTES_PER_OWNER = 16_777_216;
  @IsInt() @Min(0) @Max(1_000_000_000) COMMENT_REPORTS_MAX_PER_OWNER = 1_000;
  @IsInt() @Min(0) @Max(3_650) DELETED_COMMENT_RETENTION_DAYS = 30;
}
