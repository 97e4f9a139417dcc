import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../platform/config/settings.js';

/** What is kept of posts; 0 turns a quota off. */
@Settings()
export class PostsConfig {
  @IsInt() @Min(0) @Max(1_000_000_000) POSTS_MAX_PER_OWNER = 10_000;
  /** Of titles, texts and addresses of media. */
  @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER) POSTS_MAX_BYTES_PER_OWNER = 67_108_864;
  @IsInt() @Min(0) @Max(3_650) DELETED_POST_RETENTION_DAYS = 30;
}
