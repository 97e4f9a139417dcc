import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LastWayIn } from '../../auth/auth.errors.js';
import type { NumberedPage } from '../../platform/database/crud/pages.js';
import { NeedsFreshProof, NeedsSession } from '../../platform/http/access/access.js';
import { actorOf, type Caller, CurrentCaller } from '../../platform/http/access/caller.js';
import { IfMatch, type Precondition } from '../../platform/http/caching/preconditions.js';
import { PageOf, PageQuery } from '../../platform/http/lists/pagination.js';
import { type Client, CurrentClient } from '../../platform/http/requests/client-info.js';
import { IdOr } from '../../platform/http/requests/path-ids.js';
import { Responds } from '../../platform/http/responses/response-docs.js';
import { StrictLimit } from '../../platform/limits/rates/strict-limit.js';
import { audit } from '../../platform/runtime/log/audit.js';
import { LinkRead } from '../social-sign-in.dto.js';
import { LinkNotFound } from '../social-sign-in.errors.js';
import { LinksService } from './links.service.js';

@ApiTags('social-sign-in')
@Controller('auth/links')
@NeedsSession()
@StrictLimit()
export class LinksController {
  constructor(private readonly links: LinksService) {}

  @Get()
  @Responds({
    operation: 'listLinks',
    summary: 'List the accounts of other sites that sign in to yours, newest first',
    type: PageOf(LinkRead),
  })
  list(@CurrentCaller() { id }: Caller, @Query() query: PageQuery): Promise<NumberedPage<LinkRead>> {
    return this.links.list(id, query);
  }

  @Delete(':link_id')
  @NeedsFreshProof()
  @Responds({
    operation: 'removeLink',
    summary: 'Unlink the account of another site from yours',
    status: 204,
    problems: [LinkNotFound, LastWayIn],
  })
  async remove(
    @CurrentCaller() caller: Caller,
    @Param('link_id', new IdOr(LinkNotFound)) link_id: number,
    @CurrentClient() client: Client,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<void> {
    await this.links.remove(caller.id, link_id, ifMatch);
    audit('social_link_removed', { ...actorOf(caller), link_id, ...client });
  }
}
