import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { KnowsDevices, Public } from '../../platform/http/access/access.js';
import { AccessToken } from '../../platform/http/access/access-token.js';
import { CurrentExchange, type Exchange } from '../../platform/http/access/exchange.js';
import { SameOriginGuard } from '../../platform/http/access/same-origin.guard.js';
import { Responds } from '../../platform/http/responses/response-docs.js';
import { StrictLimit } from '../../platform/limits/rates/strict-limit.js';
import { PasskeyOptions, PasskeySignIn, StepAnswer } from '../second-factors.dto.js';
import { ChallengeEnded, WrongSecondFactor } from '../second-factors.errors.js';
import { FactorSignIns } from './sign-ins.service.js';
import { requireOne } from './shown-factor.js';

const COOKIES = { 'Set-Cookie': 'The refresh token, and a cookie that makes the device known at the next sign-in' };

@ApiTags('second-factors')
@Controller('auth/login')
@UseGuards(SameOriginGuard)
@StrictLimit()
@KnowsDevices()
export class FactorSignInController {
  constructor(private readonly signIns: FactorSignIns) {}

  @Post('second-factor')
  @Public()
  @Responds({
    operation: 'signInWithSecondFactor',
    summary: 'Go on with a sign-in: answer the challenge of `second_factor_required`',
    type: AccessToken,
    problems: [ChallengeEnded, WrongSecondFactor],
    headers: COOKIES,
  })
  answer(@Body() body: StepAnswer, @CurrentExchange() exchange: Exchange): Promise<AccessToken> {
    const { challenge: _, ...shown } = body;
    requireOne(shown);
    return this.signIns.answer(body, exchange);
  }

  @Post('passkey/options')
  @Public()
  @Responds({
    operation: 'beginPasskeySignIn',
    summary: 'Begin to sign in with a passkey, without name and password',
    type: PasskeyOptions,
    headers: { 'Set-Cookie': 'The client that may answer' },
  })
  begin(@CurrentExchange() exchange: Exchange): Promise<PasskeyOptions> {
    return this.signIns.beginPasskey(exchange);
  }

  @Post('passkey')
  @Public()
  @Responds({
    operation: 'signInWithPasskey',
    summary: 'Sign in with a passkey',
    type: AccessToken,
    problems: [ChallengeEnded, WrongSecondFactor],
    headers: COOKIES,
  })
  signIn(@Body() body: PasskeySignIn, @CurrentExchange() exchange: Exchange): Promise<AccessToken> {
    return this.signIns.signInByPasskey(body, exchange);
  }
}
