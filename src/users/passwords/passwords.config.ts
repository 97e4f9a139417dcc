import { IsInt, Max, Min } from 'class-validator';
import { isDeployed } from '../../platform/config/app.config.js';
import { type Checked, Settings } from '../../platform/config/settings.js';

@Settings()
export class PasswordsConfig implements Checked {
  @IsInt() @Min(4) @Max(15) BCRYPT_COST = 12;

  problems(): string[] {
    return isDeployed() && this.BCRYPT_COST < 10 ? ['BCRYPT_COST: must be at least 10 in staging and production'] : [];
  }
}
