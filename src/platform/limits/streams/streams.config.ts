import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../../config/settings.js';

/** How many event streams may be open at once in one process. */
@Settings()
export class StreamsConfig {
  @IsInt() @Min(1) @Max(1_000_000) STREAMS_MAX_PER_USER = 10;
  @IsInt() @Min(1) @Max(1_000_000) STREAMS_MAX_PER_ADDRESS = 100;
  @IsInt() @Min(1) @Max(1_000_000) STREAMS_MAX = 1_000;
}
