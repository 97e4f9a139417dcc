import { Body, Controller, Delete, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LastWayIn } from '../auth/auth.errors.js';
import type { NumberedPage } from '../platform/database/crud/pages.js';
import { NeedsFreshProof, NeedsSession, OpenToRestricted } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { PageOf, PageQuery } from '../platform/http/lists/pagination.js';
import { type Client, CurrentClient } from '../platform/http/requests/client-info.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { StrictLimit } from '../platform/limits/rates/strict-limit.js';
import { SecondFactorRead, SecondFactorUpdate } from './second-factors.dto.js';
import { SecondFactorMissing, SecondFactorNotFound } from './second-factors.errors.js';
import { SecondFactorsService } from './second-factors.service.js';

const FactorId = new IdOr(SecondFactorNotFound);

@ApiTags('second-factors')
@Controller('auth/second-factors')
@StrictLimit()
@NeedsSession()
@OpenToRestricted(SecondFactorMissing)
export class SecondFactorsController {
  constructor(private readonly factors: SecondFactorsService) {}

  @Get()
  @Responds({
    operation: 'listSecondFactors',
    summary: 'List your own second factors, newest first',
    type: PageOf(SecondFactorRead),
  })
  list(@CurrentCaller() { id }: Caller, @Query() query: PageQuery): Promise<NumberedPage<SecondFactorRead>> {
    return this.factors.list(id, query);
  }

  @Get(':factor_id')
  @Responds({
    operation: 'getSecondFactor',
    summary: 'Read one of your own second factors',
    type: SecondFactorRead,
    problems: [SecondFactorNotFound],
  })
  read(@CurrentCaller() { id: userId }: Caller, @Param('factor_id', FactorId) id: number): Promise<SecondFactorRead> {
    return this.factors.read(userId, id);
  }

  @Patch(':factor_id')
  @Responds({
    operation: 'updateSecondFactor',
    summary: 'Rename one of your own second factors',
    type: SecondFactorRead,
    problems: [SecondFactorNotFound],
  })
  rename(
    @CurrentCaller() { id: userId }: Caller,
    @Param('factor_id', FactorId) id: number,
    @Body() body: SecondFactorUpdate,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<SecondFactorRead> {
    return this.factors.rename(userId, id, body, ifMatch);
  }

  @Delete(':factor_id')
  @NeedsFreshProof()
  @Responds({
    operation: 'removeSecondFactor',
    summary: 'Remove one of your own second factors; with the last one, the recovery codes go',
    status: 204,
    problems: [SecondFactorNotFound, LastWayIn],
  })
  remove(
    @CurrentCaller() caller: Caller,
    @Param('factor_id', FactorId) id: number,
    @CurrentClient() client: Client,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<void> {
    return this.factors.remove(caller, id, client, ifMatch);
  }
}
