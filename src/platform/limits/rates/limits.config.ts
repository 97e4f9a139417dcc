import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../../config/settings.js';

export const MAX_REQUESTS = 1_000_000_000;
export const MAX_PERIOD_SECONDS = 86_400;

/** How many requests in how many seconds; 0 turns a limit off. */
@Settings()
export class LimitsConfig {
  @IsInt() @Min(0) @Max(MAX_REQUESTS) DEFAULT_RATE_LIMIT_LIMIT = 600;
  @IsInt() @Min(1) @Max(MAX_PERIOD_SECONDS) DEFAULT_RATE_LIMIT_PERIOD = 60;
  @IsInt() @Min(0) @Max(MAX_REQUESTS) AUTH_RATE_LIMIT_LIMIT = 20;
  @IsInt() @Min(1) @Max(MAX_PERIOD_SECONDS) AUTH_RATE_LIMIT_PERIOD = 60;
  /** How many times as much all accounts behind one address may have together. */
  @IsInt() @Min(0) @Max(1_000_000) ADDRESS_RATE_LIMIT_FACTOR = 10;
  /** How many registrations and changes of e-mail in a day. */
  @IsInt() @Min(0) @Max(MAX_REQUESTS) REGISTRATIONS_PER_ADDRESS = 50;
}
