import { Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NeedsFreshProof, Superuser } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { type Client, CurrentClient } from '../platform/http/requests/client-info.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { UserNotFound } from '../users/users.errors.js';
import { SecondFactorsService } from './second-factors.service.js';

@ApiTags('admin')
@Controller('admin/users/:username/second-factors')
@Superuser()
export class SecondFactorsAdminController {
  constructor(private readonly factors: SecondFactorsService) {}

  @Post('reset')
  @NeedsFreshProof()
  @Responds({
    operation: 'resetSecondFactors',
    summary: 'Remove all second factors and recovery codes of a user who has lost them',
    status: 204,
    problems: [UserNotFound],
  })
  reset(
    @Param('username') username: string,
    @CurrentCaller() caller: Caller,
    @CurrentClient() client: Client,
  ): Promise<void> {
    return this.factors.reset(caller, username, client);
  }
}
