import { Body, Controller, Delete, Get, Param, Patch, Post, Query, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TooBusy } from '../auth/auth.errors.js';
import { AsOf, Cached, Invalidates } from '../cache/cached.js';
import { IfMatch, type Precondition } from '../cache/preconditions.js';
import type { KeysetPage, NumberedPage } from '../database/pages.js';
import { Public } from '../http/access.js';
import { type Caller, CurrentCaller } from '../http/caller.js';
import { Answers } from '../http/answers.js';
import { KeysetQuery, PageOf } from '../http/pagination.js';
import { StrictLimit } from '../limits/strict-limit.js';
import { AccountOwnerGuard } from './account-owner.guard.js';
import { Account, Profile, UserCreate, UserUpdate } from './users.dto.js';
import { EmailTaken, LastSuperuser, UserNotFound, UsernameTaken } from './users.errors.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Post()
  @Public()
  @StrictLimit()
  @Invalidates('users')
  @Answers({ summary: 'Register', status: 201, type: Account, problems: [UsernameTaken, EmailTaken, TooBusy] })
  register(@Body() body: UserCreate): Promise<Account> {
    return this.users.register(body);
  }

  @Get()
  @Public()
  @Cached({ key: 'users', ttl: 600 })
  @Answers({ summary: 'List profiles, newest first', type: PageOf(Profile, { keyset: true }) })
  list(@Query() query: KeysetQuery, @AsOf() asOf?: number): Promise<NumberedPage<Profile> | KeysetPage<Profile>> {
    return this.users.list(query, asOf);
  }

  @Get('me')
  @Answers({ summary: 'Read the own account', type: Account })
  me(@CurrentCaller() caller: Caller): Account {
    const { id, name, username, email, profile_image_url, is_superuser, created_at } = caller;
    return { id, name, username, email, profile_image_url, is_superuser, created_at };
  }

  @Get(':username')
  @Public()
  @Cached({ key: 'user:{username}', ttl: 3600 })
  @Answers({ summary: 'Read a profile', type: Profile, problems: [UserNotFound] })
  profile(@Param('username') username: string, @AsOf() asOf?: number): Promise<Profile> {
    return this.users.profile(username, asOf);
  }

  @Patch(':username')
  @UseGuards(AccountOwnerGuard)
  @Invalidates('user:{username}', 'users', 'creators')
  @Answers({ summary: 'Change the own account', type: Account, problems: [UsernameTaken, EmailTaken] })
  update(
    @CurrentCaller() caller: Caller,
    @Body() body: UserUpdate,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<Account> {
    return this.users.update(caller.id, body, ifMatch);
  }

  @Delete(':username')
  @UseGuards(AccountOwnerGuard)
  @Invalidates('user:{username}', 'users', 'creators')
  @Answers({ summary: 'Delete the own account', status: 204, problems: [LastSuperuser] })
  delete(@CurrentCaller() caller: Caller, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.users.delete(caller.id, ifMatch);
  }
}
