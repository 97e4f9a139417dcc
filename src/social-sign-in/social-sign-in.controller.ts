import { Body, Controller, Get, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NeedsFreshProof, OpensSessions, Public } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { CurrentExchange, type Exchange } from '../platform/http/access/exchange.js';
import { SameOriginGuard } from '../platform/http/access/same-origin.guard.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { StrictLimit } from '../platform/limits/rates/strict-limit.js';
import { AttemptCookie } from './attempts/attempt-cookie.js';
import { Providers } from './providers/providers.service.js';
import { Departure, ProviderList, SocialSignIn } from './social-sign-in.dto.js';
import { IssuerUnavailable, ProviderNotFound, UnknownAttempt } from './social-sign-in.errors.js';
import { SocialSignInService } from './social-sign-in.service.js';

const COOKIE = { 'Set-Cookie': 'What tells this browser from others for ten minutes' };

@ApiTags('social-sign-in')
@Controller('auth/oidc')
export class SocialSignInController {
  constructor(
    private readonly signIn: SocialSignInService,
    private readonly providers: Providers,
    private readonly cookie: AttemptCookie,
  ) {}

  @Get()
  @Public()
  @Responds({ operation: 'listProviders', summary: 'List the sites by which people may sign in', type: ProviderList })
  list(): ProviderList {
    return { providers: this.providers.names };
  }

  @Get(':provider')
  @Public()
  @StrictLimit()
  @Responds({
    operation: 'signInElsewhere',
    summary: 'Send a browser to another site to sign in there',
    status: 302,
    problems: [ProviderNotFound, IssuerUnavailable],
    headers: { Location: 'The page of the other site', ...COOKIE },
  })
  async leave(
    @Param('provider') provider: string,
    @Query() { redirect_to }: SocialSignIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const detour = { provider, ...this.cookie.detour(provider, request) };
    reply.header('location', await this.signIn.begin(detour, redirect_to));
    this.cookie.set(reply, detour.secret);
  }

  @Get(':provider/callback')
  @Public()
  @OpensSessions()
  @StrictLimit()
  @Responds({
    operation: 'returnFromElsewhere',
    summary: 'Sign in whom the other site has sent back, and send the browser to `redirect_to`',
    status: 302,
    problems: [ProviderNotFound, UnknownAttempt],
    headers: {
      Location: 'The page that was asked for, with `error` in its query if something went wrong',
      'Set-Cookie': 'The refresh token, and a cookie that makes the device known at the next sign-in',
    },
  })
  async comeBack(@Param('provider') provider: string, @CurrentExchange() exchange: Exchange): Promise<void> {
    const { request, reply } = exchange;
    const { redirect_uri } = this.cookie.detour(provider, request);
    const detour = { provider, redirect_uri, secret: this.cookie.read(request) };
    const query = new URLSearchParams(request.url.split('?').slice(1).join('?'));
    reply.header('location', await this.signIn.finish(detour, query, exchange));
  }

  @Post(':provider/link')
  @UseGuards(SameOriginGuard)
  @NeedsFreshProof()
  @StrictLimit()
  @Responds({
    operation: 'linkElsewhere',
    summary: 'Begin to link an account of another site to yours',
    type: Departure,
    problems: [ProviderNotFound, IssuerUnavailable],
    headers: COOKIE,
  })
  async link(
    @CurrentCaller() caller: Caller,
    @Param('provider') provider: string,
    @Body() { redirect_to }: SocialSignIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Departure> {
    const detour = { provider, ...this.cookie.detour(provider, request) };
    const authorization_url = await this.signIn.begin(detour, redirect_to, caller);
    this.cookie.set(reply, detour.secret);
    return { authorization_url };
  }
}
