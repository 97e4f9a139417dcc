import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { Settings } from '../platform/config/settings.js';

@Settings()
export class RecoveryConfig {
  /** Whether an account can do nothing but verify its address until that is done. */
  @IsBoolean() REQUIRE_VERIFIED_EMAIL = false;
  /** How many mails of one kind go to one address, or are sent for one account. */
  @IsInt() @Min(1) @Max(1_000) RECOVERY_MAILS_PER_HOUR = 3;
  @IsInt() @Min(1) @Max(10_000) RECOVERY_MAILS_PER_DAY = 10;
}
