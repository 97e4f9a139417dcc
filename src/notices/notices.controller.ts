import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NeedsSession } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { NoticeRead, NoticeUpdate, OwnNotices } from './notices.dto.js';
import { NoticeNotFound, NoticeRequired } from './notices.errors.js';
import { NoticesService } from './notices.service.js';

@ApiTags('notices')
@Controller('users/me/notices')
export class NoticesController {
  constructor(private readonly notices: NoticesService) {}

  @Get()
  @Responds({ operation: 'listNotices', summary: 'List what you can be told of by mail', type: OwnNotices })
  list(@CurrentCaller() caller: Caller): Promise<OwnNotices> {
    return this.notices.list(caller.id);
  }

  @Get(':notice_name')
  @Responds({
    operation: 'getNotice',
    summary: 'Read whether you are told of something by mail',
    type: NoticeRead,
    problems: [NoticeNotFound],
  })
  read(@CurrentCaller() caller: Caller, @Param('notice_name') name: string): Promise<NoticeRead> {
    return this.notices.read(caller.id, name);
  }

  @Patch(':notice_name')
  @NeedsSession()
  @Responds({
    operation: 'updateNotice',
    summary: 'Be told of something by mail, or not',
    type: NoticeRead,
    problems: [NoticeNotFound, NoticeRequired],
  })
  update(
    @CurrentCaller() caller: Caller,
    @Param('notice_name') name: string,
    @Body() { is_on }: NoticeUpdate,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<NoticeRead> {
    return this.notices.turn(caller.id, name, is_on, ifMatch);
  }
}
