import { IsIn, IsOptional } from 'class-validator';
import { Settings } from '../platform/config/settings.js';

const WHOM = ['superusers', 'all'] as const;

@Settings()
export class SecondFactorsConfig {
  /** Who can do nothing before they have one. */
  @IsOptional() @IsIn(WHOM) REQUIRE_SECOND_FACTOR?: (typeof WHOM)[number];
}
