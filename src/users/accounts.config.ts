import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../platform/config/settings.js';

@Settings()
export class AccountsConfig {
  /** How long a superuser can bring back an account that its owner has deleted. */
  @IsInt() @Min(1) @Max(3_650) DELETED_ACCOUNT_RETENTION_DAYS = 30;
}
