import { Injectable } from '@nestjs/common';
import { Restrictions } from '../../auth/access/restrictions.service.js';
import { settingsOf } from '../../platform/config/settings.js';
import { AddsProblem } from '../../platform/http/access/added-problems.js';
import { SecondFactorsConfig } from '../second-factors.config.js';
import { SecondFactorMissing } from '../second-factors.errors.js';
import { SecondFactorsService } from '../second-factors.service.js';

/** Keeps accounts that need a second factor from everything but setting one up. */
@Injectable()
@AddsProblem(
  'restriction',
  SecondFactorMissing,
  () => settingsOf(SecondFactorsConfig).REQUIRE_SECOND_FACTOR !== undefined,
)
export class RequiredFactors {
  constructor(
    { REQUIRE_SECOND_FACTOR: whom }: SecondFactorsConfig,
    restrictions: Restrictions,
    factors: SecondFactorsService,
  ) {
    if (whom === undefined) return;
    restrictions.subscribe(async ({ id, is_superuser }) => {
      const isAsked = whom === 'all' || is_superuser;
      return isAsked && !(await factors.has(id)) ? SecondFactorMissing : undefined;
    });
  }
}
