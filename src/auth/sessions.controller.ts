import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../cache/preconditions.js';
import type { NumberedPage } from '../database/pages.js';
import { Answers } from '../http/answers.js';
import { type Caller, CurrentCaller } from '../http/caller.js';
import { type Client, CurrentClient } from '../http/client.js';
import { IdOr } from '../http/ids.js';
import { PageOf, PageQuery } from '../http/pagination.js';
import { StrictLimit } from '../limits/strict-limit.js';
import { audit } from '../process/audit.js';
import { OwnSession } from './auth.dto.js';
import { SessionNotFound } from './auth.errors.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('auth')
@Controller('auth/sessions')
@StrictLimit()
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @Answers({ summary: 'List the own sessions, newest first', type: PageOf(OwnSession) })
  async list(@CurrentCaller() caller: Caller, @Query() query: PageQuery): Promise<NumberedPage<OwnSession>> {
    const { data, ...page } = await this.sessions.list(caller.id, query);
    return { data: data.map((session) => ({ ...session, is_current: session.id === caller.session_id })), ...page };
  }

  @Delete(':session_id')
  @Answers({ summary: 'End one of the own sessions', status: 204, problems: [SessionNotFound] })
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
