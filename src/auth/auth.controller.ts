import { Body, Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NeedsSession, Public } from '../platform/http/access/access.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { actorOf, type Caller, CurrentCaller, type Device, KnownAs } from '../platform/http/access/caller.js';
import { type Client, CurrentClient } from '../platform/http/requests/client-info.js';
import { AcceptsForm } from '../platform/http/requests/form-bodies.js';
import { SameOriginGuard } from '../platform/http/access/same-origin.guard.js';
import { StrictLimit } from '../platform/limits/rates/strict-limit.js';
import { audit } from '../platform/runtime/log/audit.js';
import { TooBusy } from '../users/passwords/passwords.errors.js';
import { WrongPassword } from '../users/users.errors.js';
import { AuthConfig } from './auth.config.js';
import { AccessToken, Login, PasswordChange, Refresh } from './auth.dto.js';
import { InvalidRefreshToken, WrongCredentials } from './auth.errors.js';
import { AuthService } from './auth.service.js';
import { KnownDevices, KnowsDevices } from './lock-out/known-devices.js';
import { RefreshCookie } from './sessions/refresh-cookie.js';
import { type OpenSession, SessionsService } from './sessions/sessions.service.js';
import { secondsUntil, TokensService } from './tokens/tokens.service.js';

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
    private readonly sessions: SessionsService,
    private readonly tokens: TokensService,
    private readonly cookie: RefreshCookie,
    private readonly devices: KnownDevices,
    private readonly config: AuthConfig,
  ) {}

  @Post('login')
  @Public()
  @AcceptsForm()
  @Responds({
    operation: 'signIn',
    summary: 'Sign in',
    type: AccessToken,
    problems: [WrongCredentials, TooBusy],
    headers: COOKIES,
  })
  async login(
    @Body() { username, password }: Login,
    @CurrentClient() client: Client,
    @KnownAs() devices: Device[],
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessToken> {
    const session = await this.auth.signIn(username, password, client, { devices });
    await this.sessions.supersede(session.user_id, this.cookie.read(request) ?? '');
    const answer = this.hand(session, reply);
    this.devices.remember(session.user_id, request, reply);
    return answer;
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
    const token = refresh_token ?? this.cookie.read(request) ?? '';
    return this.hand(await this.sessions.refresh(token, client), reply);
  }

  @Post('logout')
  @NeedsSession()
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

  @Post('password')
  @NeedsSession()
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

  private hand(session: OpenSession, reply: FastifyReply): AccessToken {
    const expires_in = Math.min(this.config.ACCESS_TOKEN_EXPIRE_MINUTES * 60, secondsUntil(session.expires_at));
    const holder = { userId: session.user_id, sessionId: session.id };
    this.cookie.set(reply, session.refresh_token, session.idle_expires_at);
    return { access_token: this.tokens.sign('access', holder, expires_in), token_type: 'bearer', expires_in };
  }
}
