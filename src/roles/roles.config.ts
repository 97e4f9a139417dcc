import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../platform/config/settings.js';

@Settings()
export class RolesConfig {
  /** How many roles there may be. */
  @IsInt() @Min(1) @Max(10_000) ROLES_MAX = 1_000;
}
