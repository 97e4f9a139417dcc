import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NeedsFreshProof, NeedsSession, OpenToRestricted } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { type Client, CurrentClient } from '../platform/http/requests/client-info.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { StrictLimit } from '../platform/limits/rates/strict-limit.js';
import { PasskeysService } from './passkeys/passkeys.service.js';
import { RecoveryCodesService } from './recovery-codes/recovery-codes.service.js';
import {
  PasskeyCreate,
  PasskeyOptions,
  RecoveryCodes,
  RecoveryCodesLeft,
  SecondFactorCreate,
  SecondFactorRead,
  TotpConfirmation,
  TotpWithSecret,
} from './second-factors.dto.js';
import {
  NoSuchChallenge,
  PasskeyRefused,
  PasskeyTaken,
  SecondFactorConfirmed,
  SecondFactorMissing,
  SecondFactorNotFound,
  TooManySecondFactors,
  WrongProof,
} from './second-factors.errors.js';
import { SecondFactorsService } from './second-factors.service.js';
import { TotpService } from './totp/totp.service.js';

const FactorId = new IdOr(SecondFactorNotFound);

/** How users come to second factors, and to codes for when they have lost them. */
@ApiTags('second-factors')
@Controller('auth')
@StrictLimit()
@NeedsSession()
@OpenToRestricted(SecondFactorMissing)
export class EnrolmentController {
  constructor(
    private readonly factors: SecondFactorsService,
    private readonly apps: TotpService,
    private readonly passkeys: PasskeysService,
    private readonly codes: RecoveryCodesService,
  ) {}

  @Post('totp')
  @NeedsFreshProof()
  @Responds({
    operation: 'beginTotp',
    summary: 'Begin to add an authenticator app; its secret is shown only now',
    status: 201,
    type: TotpWithSecret,
    problems: [TooManySecondFactors],
  })
  beginTotp(@CurrentCaller() caller: Caller, @Body() { name }: SecondFactorCreate): Promise<TotpWithSecret> {
    return this.apps.begin(caller, name);
  }

  @Post('totp/:app_id/confirm')
  @NeedsFreshProof()
  @Responds({
    operation: 'confirmTotp',
    summary: 'Confirm an authenticator app by its first code: it counts from now on',
    type: SecondFactorRead,
    problems: [SecondFactorNotFound, SecondFactorConfirmed, WrongProof],
  })
  confirmTotp(
    @CurrentCaller() caller: Caller,
    @Param('app_id', FactorId) id: number,
    @Body() { code }: TotpConfirmation,
    @CurrentClient() client: Client,
  ): Promise<SecondFactorRead> {
    return this.apps.confirm(caller, id, code, client);
  }

  @Post('passkeys/options')
  @NeedsFreshProof()
  @Responds({ operation: 'beginPasskey', summary: 'Begin to add a passkey', type: PasskeyOptions })
  beginPasskey(@CurrentCaller() caller: Caller): Promise<PasskeyOptions> {
    return this.passkeys.begin(caller);
  }

  @Post('passkeys')
  @NeedsFreshProof()
  @Responds({
    operation: 'addPasskey',
    summary: 'Add a passkey, which counts from now on, and signs in without a password too',
    status: 201,
    type: SecondFactorRead,
    problems: [NoSuchChallenge, PasskeyRefused, PasskeyTaken, TooManySecondFactors],
  })
  addPasskey(
    @CurrentCaller() caller: Caller,
    @Body() body: PasskeyCreate,
    @CurrentClient() client: Client,
  ): Promise<SecondFactorRead> {
    return this.passkeys.add(caller, body, client);
  }

  @Get('recovery-codes')
  @Responds({
    operation: 'getRecoveryCodes',
    summary: 'Read how many recovery codes you have left',
    type: RecoveryCodesLeft,
  })
  async codesLeft(@CurrentCaller() { id }: Caller): Promise<RecoveryCodesLeft> {
    return { left: await this.codes.count(id) };
  }

  @Post('recovery-codes')
  @NeedsFreshProof()
  @Responds({
    operation: 'renewRecoveryCodes',
    summary: 'Create ten recovery codes in place of those you have; they are shown only now',
    status: 201,
    type: RecoveryCodes,
  })
  async renewCodes(@CurrentCaller() caller: Caller, @CurrentClient() client: Client): Promise<RecoveryCodes> {
    return { codes: await this.factors.renewCodes(caller, client) };
  }
}
