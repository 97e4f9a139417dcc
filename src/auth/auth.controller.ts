import { Body, Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  KnowsDevices,
  NeedsPassword,
  NeedsSession,
  OpensSessions,
  OpenToRestricted,
  Public,
} from '../platform/http/access/access.js';
import { AccessToken } from '../platform/http/access/access-token.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { actorOf, type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { CurrentExchange, type Exchange } from '../platform/http/access/exchange.js';
import { type Client, CurrentClient } from '../platform/http/requests/client-info.js';
import { AcceptsForm } from '../platform/http/requests/form-bodies.js';
import { SameOriginGuard } from '../platform/http/access/same-origin.guard.js';
import { StrictLimit } from '../platform/limits/rates/strict-limit.js';
import { audit } from '../platform/runtime/log/audit.js';
import { TooBusy } from '../users/passwords/passwords.errors.js';
import { WrongPassword } from '../users/users.errors.js';
import { Login, PasswordChange, PasswordProof, Refresh } from './auth.dto.js';
import { InvalidRefreshToken, PasswordNotEnough, WrongCredentials } from './auth.errors.js';
import { AuthService } from './auth.service.js';
import { RefreshCookie } from './sessions/refresh-cookie.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SessionDelivery } from './sessions/session-delivery.service.js';
import { SessionHandover } from './sign-in/session-handover.service.js';

const REFRESH_COOKIE = { 'Set-Cookie': 'The refresh token' };
const COOKIES = { 'Set-Cookie': 'The refresh token, and a cookie that makes the device known at the next sign-in' };

@ApiTags('auth')
@Controller('auth')
@UseGuards(SameOriginGuard)
@StrictLimit()
@KnowsDevices()
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly handover: SessionHandover,
    private readonly delivery: SessionDelivery,
    private readonly sessions: SessionsService,
    private readonly cookie: RefreshCookie,
  ) {}

  @Post('login')
  @Public()
  @OpensSessions()
  @AcceptsForm()
  @Responds({
    operation: 'signIn',
    summary: 'Sign in',
    type: AccessToken,
    problems: [WrongCredentials, TooBusy],
    headers: COOKIES,
  })
  async login(@Body() { username, password }: Login, @CurrentExchange() exchange: Exchange): Promise<AccessToken> {
    return this.handover.signIn(await this.auth.ownerOf(username, password, exchange), exchange);
  }

  @Post('refresh')
  @Public()
  @ApiBody({ type: Refresh, required: false })
  @Responds({
    operation: 'refreshSession',
    summary: 'Exchange the refresh token for a new access token and the next refresh token',
    type: AccessToken,
    problems: [InvalidRefreshToken],
    headers: REFRESH_COOKIE,
  })
  async refresh(
    @Body() { refresh_token }: Refresh,
    @CurrentClient() client: Client,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessToken> {
    const token = refresh_token ?? this.delivery.shownBy(request);
    return this.delivery.hand(await this.sessions.refresh(token, client), reply);
  }

  @Post('logout')
  @NeedsSession()
  @OpenToRestricted()
  @Responds({ operation: 'signOut', summary: 'Sign out: end this session', status: 204 })
  async logout(
    @CurrentCaller() caller: Caller,
    @CurrentClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.endOwn(caller);
    audit('signed_out', { ...actorOf(caller), ...client });
    this.cookie.clear(reply);
  }

  @Post('logout-all')
  @NeedsSession()
  @OpenToRestricted()
  @Responds({ operation: 'signOutEverywhere', summary: 'Sign out everywhere: end all sessions', status: 204 })
  async logoutAll(
    @CurrentCaller() caller: Caller,
    @CurrentClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.endAll(caller.id);
    audit('signed_out_everywhere', { ...actorOf(caller), ...client });
    this.cookie.clear(reply);
  }

  @Post('proof')
  @NeedsSession()
  @OpenToRestricted()
  @Responds({
    operation: 'prove',
    summary: 'Prove that it is you, which counts as fresh for ten minutes, as does a sign-in',
    status: 204,
    problems: [WrongPassword, PasswordNotEnough, TooBusy],
  })
  prove(
    @CurrentCaller() caller: Caller,
    @Body() { password }: PasswordProof,
    @CurrentClient() client: Client,
  ): Promise<void> {
    return this.auth.prove(caller, password, client);
  }

  @Post('password')
  @NeedsPassword()
  @Responds({
    operation: 'changePassword',
    summary: 'Change the password; every other session ends',
    status: 204,
    problems: [WrongPassword, TooBusy],
  })
  changePassword(
    @CurrentCaller() caller: Caller,
    @Body() body: PasswordChange,
    @CurrentClient() client: Client,
  ): Promise<void> {
    return this.auth.changePassword(caller, body, client);
  }
}
