import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { NumberedPage } from '../platform/database/crud/pages.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { NeedsFreshProof, Superuser } from '../platform/http/access/access.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { PageOf, PageQuery } from '../platform/http/lists/pagination.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { Idempotent } from '../platform/idempotency/idempotent.js';
import { TierCreate, TierRead, TierUpdate } from './tiers.dto.js';
import { TierInUse, TierNameTaken, TierNotFound } from './tiers.errors.js';
import { TiersService } from './tiers.service.js';

const TierId = new IdOr(TierNotFound);

@ApiTags('admin')
@Controller('admin/tiers')
@Superuser()
export class TiersAdminController {
  constructor(private readonly tiers: TiersService) {}

  @Post()
  @NeedsFreshProof()
  @Idempotent()
  @Responds({
    operation: 'createTier',
    summary: 'Create a tier',
    status: 201,
    type: TierRead,
    problems: [TierNameTaken],
  })
  create(@Body() body: TierCreate): Promise<TierRead> {
    return this.tiers.create(body);
  }

  @Get()
  @Responds({ operation: 'listTiers', summary: 'List tiers, newest first', type: PageOf(TierRead) })
  list(@Query() query: PageQuery): Promise<NumberedPage<TierRead>> {
    return this.tiers.list(query);
  }

  @Get(':tier_id')
  @Responds({ operation: 'getTier', summary: 'Read a tier', type: TierRead, problems: [TierNotFound] })
  read(@Param('tier_id', TierId) id: number): Promise<TierRead> {
    return this.tiers.read(id);
  }

  @Patch(':tier_id')
  @NeedsFreshProof()
  @Responds({
    operation: 'updateTier',
    summary: 'Change a tier',
    type: TierRead,
    problems: [TierNotFound, TierNameTaken, TierInUse],
  })
  update(
    @Param('tier_id', TierId) id: number,
    @Body() body: TierUpdate,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<TierRead> {
    return this.tiers.update(id, body, ifMatch);
  }

  @Delete(':tier_id')
  @NeedsFreshProof()
  @Responds({
    operation: 'deleteTier',
    summary: 'Delete a tier that no account has',
    status: 204,
    problems: [TierNotFound, TierInUse],
  })
  delete(@Param('tier_id', TierId) id: number, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.tiers.delete(id, ifMatch);
  }
}
