import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../../platform/http/caching/preconditions.js';
import type { NumberedPage } from '../../platform/database/crud/pages.js';
import { Responds } from '../../platform/http/responses/response-docs.js';
import { NeedsSession } from '../../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../../platform/http/access/caller.js';
import { type Client, CurrentClient } from '../../platform/http/requests/client-info.js';
import { IdOr } from '../../platform/http/requests/path-ids.js';
import { PageOf, PageQuery } from '../../platform/http/lists/pagination.js';
import { StrictLimit } from '../../platform/limits/rates/strict-limit.js';
import { audit } from '../../platform/runtime/log/audit.js';
import { OwnSession } from '../auth.dto.js';
import { SessionNotFound } from '../auth.errors.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('auth')
@Controller('auth/sessions')
@StrictLimit()
@NeedsSession()
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @Responds({ operation: 'listSessions', summary: 'List your own sessions, newest first', type: PageOf(OwnSession) })
  async list(@CurrentCaller() caller: Caller, @Query() query: PageQuery): Promise<NumberedPage<OwnSession>> {
    const { data, ...page } = await this.sessions.list(caller.id, query);
    return { data: data.map((session) => ({ ...session, is_current: session.id === caller.session_id })), ...page };
  }

  @Delete(':session_id')
  @Responds({
    operation: 'endSession',
    summary: 'End one of your own sessions',
    status: 204,
    problems: [SessionNotFound],
  })
  async end(
    @CurrentCaller() { id: user_id }: Caller,
    @Param('session_id', new IdOr(SessionNotFound)) session_id: number,
    @CurrentClient() client: Client,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<void> {
    await this.sessions.end(user_id, session_id, ifMatch);
    audit('session_ended', { user_id, session_id, ...client });
  }
}
