import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { NeedsFreshProof, Requires } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { type Client, CurrentClient } from '../platform/http/requests/client-info.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { UserNotFound } from '../users/users.errors.js';
import { UserRoles } from './roles.dto.js';
import { LastRoleManager, PermissionNotHeld } from './roles.errors.js';
import { UserRolesService } from './user-roles.service.js';

@ApiTags('admin')
@Controller('admin/users/:username/roles')
@Requires('roles.manage')
export class UserRolesAdminController {
  constructor(private readonly userRoles: UserRolesService) {}

  @Get()
  @Responds({
    operation: 'getUserRoles',
    summary: 'Read which roles a user has',
    type: UserRoles,
    problems: [UserNotFound],
  })
  read(@Param('username') username: string): Promise<UserRoles> {
    return this.userRoles.read(username);
  }

  @Put()
  @NeedsFreshProof()
  @Responds({
    operation: 'setUserRoles',
    summary: 'Give a user these roles, and take all others',
    type: UserRoles,
    problems: [UserNotFound, PermissionNotHeld, LastRoleManager],
  })
  assign(
    @CurrentCaller() caller: Caller,
    @Param('username') username: string,
    @Body() { roles }: UserRoles,
    @CurrentClient() client: Client,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<UserRoles> {
    return this.userRoles.assign(caller, username, roles, client, ifMatch);
  }
}
