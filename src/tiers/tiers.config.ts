import { Matches, ValidateIf } from 'class-validator';
import { Settings } from '../platform/config/settings.js';
import { TIER_NAME } from './tier.entity.js';

@Settings()
export class TiersConfig {
  /** The name of the tier of accounts that have no other; empty for none. */
  @ValidateIf(({ DEFAULT_TIER }: TiersConfig) => DEFAULT_TIER !== '')
  @Matches(TIER_NAME, { message: 'DEFAULT_TIER must be the name of a tier' })
  DEFAULT_TIER = '';
}
