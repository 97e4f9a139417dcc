import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../../config/settings.js';

const MIB = 1024 * 1024;

/** What one process may have open, and under way to clients. */
@Settings()
export class SendingConfig {
  @IsInt() @Min(MIB) @Max(1024 * 1024 * MIB) SENDING_MAX_BYTES = 64 * MIB;
  @IsInt() @Min(MIB) @Max(1024 * 1024 * MIB) SENDING_MAX_BYTES_PER_ADDRESS = 16 * MIB;
  /** Seconds that an answer may wait for its reader, besides those that its bytes take at the lowest rate. */
  @IsInt() @Min(1) @Max(3600) SEND_TIMEOUT_SECONDS = 30;
  @IsInt() @Min(1) @Max(1024 * MIB) SEND_MIN_BYTES_PER_SECOND = 16 * 1024;
  @IsInt() @Min(1) @Max(1_000_000) CONCURRENT_REQUESTS_PER_ADDRESS = 8;
  @IsInt() @Min(1) @Max(1_000_000) CONNECTIONS_MAX = 1_000;
  @IsInt() @Min(1) @Max(1_000_000) CONNECTIONS_MAX_PER_ADDRESS = 256;
}
