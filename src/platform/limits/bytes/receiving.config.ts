import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../../config/settings.js';

const MIB = 1024 * 1024;

/** How many bytes of large bodies one process receives. */
@Settings()
export class ReceivingConfig {
  @IsInt() @Min(MIB) @Max(1024 * MIB) RECEIVING_MAX_BYTES = 32 * MIB;
  @IsInt() @Min(MIB) @Max(1024 * MIB) RECEIVING_MAX_BYTES_PER_ADDRESS = 8 * MIB;
}
