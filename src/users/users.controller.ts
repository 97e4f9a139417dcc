import { Body, Controller, Delete, Get, Param, Patch, Post, Query, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Cached, Invalidates } from '../platform/cache/cached.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { NeedsPassword, OpenToRestricted, Public } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller, heldBy } from '../platform/http/access/caller.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { type Client, CurrentClient } from '../platform/http/requests/client-info.js';
import { TooManyRegistrations } from '../platform/http/problems/http.errors.js';
import { PageOf } from '../platform/http/lists/pagination.js';
import { Idempotent } from '../platform/idempotency/idempotent.js';
import { StrictLimit } from '../platform/limits/rates/strict-limit.js';
import { AccountOwnerGuard } from './account-owner.guard.js';
import { Account, OwnAccount, OwnDeletion, OwnUpdate, Profile, UserCreate, UserList } from './users.dto.js';
import { TooBusy } from './passwords/passwords.errors.js';
import {
  EmailNeedsConfirmation,
  EmailTaken,
  LastSuperuser,
  UserNotFound,
  UsernameTaken,
  WrongPassword,
} from './users.errors.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Post()
  @Idempotent()
  @Public()
  @StrictLimit()
  @Invalidates('users')
  @Responds({
    operation: 'register',
    summary: 'Register',
    status: 201,
    type: Account,
    problems: [UsernameTaken, EmailTaken, TooManyRegistrations, TooBusy],
  })
  register(@Body() body: UserCreate, @CurrentClient() client: Client): Promise<Account> {
    return this.users.register(body, client);
  }

  @Get()
  @Public()
  @Cached({ key: 'users', ttl: 600 })
  @Responds({ operation: 'listUsers', summary: 'List profiles, newest first', type: PageOf(Profile, { keyset: true }) })
  list(@Query() query: UserList): Promise<NumberedPage<Profile> | KeysetPage<Profile>> {
    return this.users.list(query);
  }

  @Get('me')
  @OpenToRestricted()
  @Responds({ operation: 'getMe', summary: 'Read your own account', type: OwnAccount })
  me(@CurrentCaller() caller: Caller): OwnAccount {
    return { ...caller, permissions: heldBy(caller) };
  }

  @Get(':username')
  @Public()
  @Cached({ key: 'user:{username}', ttl: 3600 })
  @Responds({ operation: 'getUser', summary: 'Read a profile', type: Profile, problems: [UserNotFound] })
  profile(@Param('username') username: string): Promise<Profile> {
    return this.users.profile(username);
  }

  @Patch(':username')
  @UseGuards(AccountOwnerGuard)
  @StrictLimit({ whenSent: 'email' })
  @NeedsPassword({ whenSent: 'email' })
  @Invalidates('user:{username}', 'users', 'creators')
  @Responds({
    operation: 'updateUser',
    summary: 'Change your own account',
    type: OwnAccount,
    problems: [WrongPassword, UsernameTaken, EmailTaken, EmailNeedsConfirmation, TooManyRegistrations, TooBusy],
  })
  async update(
    @CurrentCaller() caller: Caller,
    @Body() body: OwnUpdate,
    @CurrentClient() client: Client,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<OwnAccount> {
    return { ...(await this.users.updateOwn(caller, body, client, ifMatch)), permissions: heldBy(caller) };
  }

  @Delete(':username')
  @UseGuards(AccountOwnerGuard)
  @StrictLimit()
  @NeedsPassword()
  @Invalidates('user:{username}', 'users', 'creators')
  @Responds({
    operation: 'deleteUser',
    summary: 'Delete your own account; its sessions end',
    status: 204,
    problems: [WrongPassword, LastSuperuser, TooBusy],
  })
  delete(
    @CurrentCaller() caller: Caller,
    @Body() { current_password }: OwnDeletion,
    @CurrentClient() client: Client,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<void> {
    return this.users.deleteOwn(caller, current_password, client, ifMatch);
  }
}
