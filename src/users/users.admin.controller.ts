import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Invalidates } from '../platform/cache/cached.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { NeedsFreshProof, Requires, Superuser } from '../platform/http/access/access.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { PageOf } from '../platform/http/lists/pagination.js';
import { AccountList, AccountUpdate, FullAccount } from './users.dto.js';
import { EmailTaken, LastSuperuser, UserNotFound, UsernameTaken } from './users.errors.js';
import { UsersService } from './users.service.js';

@ApiTags('admin')
@Controller('admin/users')
@Superuser()
export class UsersAdminController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @Requires('users.read_any')
  @Responds({
    operation: 'listAccounts',
    summary: 'List accounts, newest first',
    type: PageOf(FullAccount, { keyset: true }),
  })
  list(@Query() query: AccountList): Promise<NumberedPage<FullAccount> | KeysetPage<FullAccount>> {
    return this.users.accounts(query);
  }

  @Get(':username')
  @Requires('users.read_any')
  @Responds({
    operation: 'getAccount',
    summary: 'Read an account, deleted or not',
    type: FullAccount,
    problems: [UserNotFound],
  })
  read(@Param('username') username: string): Promise<FullAccount> {
    return this.users.fullAccount(username);
  }

  @Patch(':username')
  @NeedsFreshProof()
  @Invalidates('user:{username}', 'users', 'creators')
  @Responds({
    operation: 'updateAccount',
    summary: 'Change an account',
    type: FullAccount,
    problems: [UserNotFound, UsernameTaken, EmailTaken, LastSuperuser],
  })
  update(
    @Param('username') username: string,
    @Body() body: AccountUpdate,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<FullAccount> {
    return this.users.updateAccount(username, body, ifMatch);
  }

  @Delete(':username')
  @NeedsFreshProof()
  @Invalidates('user:{username}', 'users', 'creators')
  @Responds({
    operation: 'purgeAccount',
    summary: 'Purge an account, with everything that belongs to it',
    status: 204,
    problems: [UserNotFound, LastSuperuser],
  })
  erase(@Param('username') username: string, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.users.erase(username, ifMatch);
  }

  @Post(':username/restore')
  @NeedsFreshProof()
  @Invalidates('user:{username}', 'users', 'creators')
  @Responds({
    operation: 'restoreAccount',
    summary: 'Restore a deleted account',
    type: FullAccount,
    problems: [UserNotFound],
  })
  restore(@Param('username') username: string): Promise<FullAccount> {
    return this.users.restore(username);
  }
}
