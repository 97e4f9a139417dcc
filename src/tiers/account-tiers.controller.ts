import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NeedsFreshProof, Superuser } from '../platform/http/access/access.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { UserNotFound } from '../users/users.errors.js';
import { AccountTiers } from './account-tiers.service.js';
import { TierChoice, TierRead } from './tiers.dto.js';
import { TierNotFound } from './tiers.errors.js';

@ApiTags('admin')
@Controller('admin/users/:username/tier')
@Superuser()
export class AccountTiersController {
  constructor(private readonly tiers: AccountTiers) {}

  @Get()
  @Responds({
    operation: 'getAccountTier',
    summary: 'Read the tier that an account has, by itself or by default',
    type: TierRead,
    problems: [UserNotFound, TierNotFound],
  })
  read(@Param('username') username: string): Promise<TierRead> {
    return this.tiers.of(username);
  }

  @Put()
  @NeedsFreshProof()
  @Responds({
    operation: 'setAccountTier',
    summary: 'Give an account a tier',
    type: TierRead,
    problems: [UserNotFound, TierNotFound],
  })
  choose(@Param('username') username: string, @Body() { tier_id }: TierChoice): Promise<TierRead> {
    return this.tiers.choose(username, tier_id);
  }

  @Delete()
  @NeedsFreshProof()
  @Responds({
    operation: 'resetAccountTier',
    summary: 'Leave an account with the default tier',
    status: 204,
    problems: [UserNotFound, TierNotFound],
  })
  reset(@Param('username') username: string, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.tiers.reset(username, ifMatch);
  }
}
