import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { NeedsFreshProof, Requires } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { type Client, CurrentClient } from '../platform/http/requests/client-info.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { KeysetQuery, PageOf } from '../platform/http/lists/pagination.js';
import { Idempotent } from '../platform/idempotency/idempotent.js';
import { RoleCreate, RoleRead, RoleUpdate } from './roles.dto.js';
import { LastRoleManager, PermissionNotHeld, RoleNameTaken, RoleNotFound, TooManyRoles } from './roles.errors.js';
import { RolesService } from './roles.service.js';

const RoleId = new IdOr(RoleNotFound);

@ApiTags('admin')
@Controller('admin/roles')
@Requires('roles.manage')
export class RolesAdminController {
  constructor(private readonly roles: RolesService) {}

  @Post()
  @NeedsFreshProof()
  @Idempotent()
  @Responds({
    operation: 'createRole',
    summary: 'Create a role',
    status: 201,
    type: RoleRead,
    problems: [RoleNameTaken, TooManyRoles, PermissionNotHeld],
  })
  create(
    @CurrentCaller() caller: Caller,
    @Body() body: RoleCreate,
    @CurrentClient() client: Client,
  ): Promise<RoleRead> {
    return this.roles.create(caller, body, client);
  }

  @Get()
  @Responds({
    operation: 'listRoles',
    summary: 'List roles, newest first',
    type: PageOf(RoleRead, { keyset: true }),
  })
  list(@Query() query: KeysetQuery): Promise<NumberedPage<RoleRead> | KeysetPage<RoleRead>> {
    return this.roles.list(query);
  }

  @Get(':role_id')
  @Responds({ operation: 'getRole', summary: 'Read a role', type: RoleRead, problems: [RoleNotFound] })
  read(@Param('role_id', RoleId) id: number): Promise<RoleRead> {
    return this.roles.read(id);
  }

  @Patch(':role_id')
  @NeedsFreshProof()
  @Responds({
    operation: 'updateRole',
    summary: 'Change a role, for all who have it',
    type: RoleRead,
    problems: [RoleNotFound, RoleNameTaken, PermissionNotHeld, LastRoleManager],
  })
  update(
    @CurrentCaller() caller: Caller,
    @Param('role_id', RoleId) id: number,
    @Body() body: RoleUpdate,
    @CurrentClient() client: Client,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<RoleRead> {
    return this.roles.update(caller, id, body, client, ifMatch);
  }

  @Delete(':role_id')
  @NeedsFreshProof()
  @Responds({
    operation: 'deleteRole',
    summary: 'Delete a role, which nobody has any more then',
    status: 204,
    problems: [RoleNotFound, PermissionNotHeld, LastRoleManager],
  })
  delete(
    @CurrentCaller() caller: Caller,
    @Param('role_id', RoleId) id: number,
    @CurrentClient() client: Client,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<void> {
    return this.roles.delete(caller, id, client, ifMatch);
  }
}
