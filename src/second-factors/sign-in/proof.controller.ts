import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NeedsSession, OpenToRestricted } from '../../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../../platform/http/access/caller.js';
import { SameOriginGuard } from '../../platform/http/access/same-origin.guard.js';
import { type Client, CurrentClient } from '../../platform/http/requests/client-info.js';
import { Responds } from '../../platform/http/responses/response-docs.js';
import { StrictLimit } from '../../platform/limits/rates/strict-limit.js';
import { TooBusy } from '../../users/passwords/passwords.errors.js';
import { WrongPassword } from '../../users/users.errors.js';
import { PasskeysService } from '../passkeys/passkeys.service.js';
import { FactorProof, PasskeyOptions } from '../second-factors.dto.js';
import { NoSecondFactor, NoSuchChallenge, WrongProof } from '../second-factors.errors.js';
import { FactorProofs } from './proofs.service.js';

@ApiTags('second-factors')
@Controller('auth/proof')
@UseGuards(SameOriginGuard)
@StrictLimit()
@NeedsSession()
@OpenToRestricted()
export class FactorProofController {
  constructor(
    private readonly proofs: FactorProofs,
    private readonly passkeys: PasskeysService,
  ) {}

  @Post('second-factor')
  @Responds({
    operation: 'proveWithSecondFactor',
    summary: 'Prove that it is you, of an account with second factors: with a passkey, or with password and code',
    status: 204,
    problems: [WrongProof, WrongPassword, NoSecondFactor, NoSuchChallenge, TooBusy],
  })
  prove(@CurrentCaller() caller: Caller, @Body() body: FactorProof, @CurrentClient() client: Client): Promise<void> {
    return this.proofs.prove(caller, body, client);
  }

  @Post('passkey/options')
  @Responds({
    operation: 'beginPasskeyProof',
    summary: 'Begin to prove with a passkey that it is you',
    type: PasskeyOptions,
  })
  begin(@CurrentCaller() caller: Caller): Promise<PasskeyOptions> {
    return this.passkeys.beginProof(caller);
  }
}
