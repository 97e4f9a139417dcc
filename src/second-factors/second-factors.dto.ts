import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions, PartialType } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { Label, Optional, Password, Text } from '../platform/http/validation/fields.js';
import { JsonObject } from '../platform/http/validation/objects.js';
import { type Kind, KINDS } from './second-factor.entity.js';

const CODE = /^\d{6}$/;
// Case and hyphens don't matter.
const RECOVERY_CODE = /^[a-zA-Z2-7-]{24,40}$/;
const TOKEN = /^[\w-]{43}$/;
const PROVABLE = [...KINDS, 'recovery_code'] as const;

const Token = (options: ApiPropertyOptions = {}) =>
  applyDecorators(
    Text(43, 43, { pattern: TOKEN.source, description: 'The `token` of the challenge', ...options }),
    Matches(TOKEN, { message: '$property must be the token of a challenge' }),
  );

const Code = (options: ApiPropertyOptions = {}) =>
  applyDecorators(
    Text(6, 6, { pattern: CODE.source, example: '492039', description: 'Of an authenticator app', ...options }),
    Matches(CODE, { message: '$property must be six digits' }),
  );

/** What a browser answers, as WebAuthn names its fields. */
const Credential = (name: string, options: ApiPropertyOptions = {}) =>
  JsonObject({ description: `\`${name}\` of https://www.w3.org/TR/webauthn-3`, ...options });

/** One of these. */
export class ShownFactor {
  @Optional()
  @Code({ required: false })
  code?: string;

  @Optional()
  @Text(24, 40, { required: false, pattern: RECOVERY_CODE.source, example: 'gk3xq2-mfz7ab-wcdehi-jklmno' })
  @Matches(RECOVERY_CODE, { message: '$property must be a recovery code' })
  recovery_code?: string;

  @Optional()
  @Credential('AuthenticationResponseJSON', { required: false })
  passkey?: object;
}

export class StepAnswer extends ShownFactor {
  @Token()
  challenge!: string;
}

export class PasskeySignIn {
  @Token()
  challenge!: string;

  @Credential('AuthenticationResponseJSON')
  passkey!: object;
}

export class FactorProof extends ShownFactor {
  @Optional()
  @Password(1, 128, {
    required: false,
    example: 'Analytical-Engine-1843',
    description: 'Needed beside a code, if the account has one',
  })
  password?: string;

  @Optional()
  @Token({ required: false, description: 'Needed beside a passkey: the `token` of the challenge' })
  challenge?: string;
}

export class SecondFactorCreate {
  @Label(1, 60, { example: 'Phone' })
  name!: string;
}

export class SecondFactorUpdate extends PartialType(SecondFactorCreate, { skipNullProperties: false }) {}

export class PasskeyCreate extends SecondFactorCreate {
  @Token()
  challenge!: string;

  @Credential('RegistrationResponseJSON')
  passkey!: object;
}

export class TotpConfirmation {
  @Code()
  code!: string;
}

export class SecondFactorRead {
  @ApiProperty({ type: 'integer', example: 12 }) id!: number;
  @ApiProperty({ enum: KINDS }) kind!: Kind;
  @ApiProperty({ example: 'Phone' }) name!: string;
  @ApiProperty({ type: Date, nullable: true, description: 'It counts from then on' }) confirmed_at!: string | null;
  @ApiProperty({ type: Date, nullable: true }) last_used_at!: string | null;
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date }) updated_at!: string;
}

/** An authenticator app with its secret, which is shown only when it is made. */
export class TotpWithSecret extends SecondFactorRead {
  @ApiProperty({ example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' }) secret!: string;
  @ApiProperty({ example: 'otpauth://totp/My%20API:ada?issuer=My%20API&secret=JBSWY3DPEHPK3PXP' }) uri!: string;
  @ApiProperty({ example: '<svg xmlns="http://www.w3.org/2000/svg"></svg>', description: '`uri` as a QR code' })
  qr_svg!: string;
}

export class RecoveryCodes {
  @ApiProperty({ type: [String], example: ['gk3xq2-mfz7ab-wcdehi-jklmno'], description: 'Each lets its owner in once' })
  codes!: string[];
}

export class RecoveryCodesLeft {
  @ApiProperty({ type: 'integer', example: 10 }) left!: number;
}

/** What a passkey is asked for with. */
export class PasskeyOptions {
  @ApiProperty({ example: 'q9y7W0m3v8sJ2kLx5TfRcUeN4hBzDgAo1iPwQlXyZaE' }) token!: string;
  @ApiProperty({ type: 'integer', example: 300, description: 'Seconds' }) expires_in!: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'For `parseRequestOptionsFromJSON` or `parseCreationOptionsFromJSON` of WebAuthn',
  })
  options!: object;
}

/** What a sign-in goes on with after the password. */
export class SignInChallenge {
  @ApiProperty({ example: 'q9y7W0m3v8sJ2kLx5TfRcUeN4hBzDgAo1iPwQlXyZaE' }) token!: string;
  @ApiProperty({ enum: PROVABLE, isArray: true, description: 'What the account can answer with' })
  kinds!: (typeof PROVABLE)[number][];
  @ApiProperty({ type: 'integer', example: 300, description: 'Seconds' }) expires_in!: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'For `parseRequestOptionsFromJSON` of WebAuthn, if the account has passkeys',
  })
  passkey_options!: object | null;
}

/** A second factor in the export of its owner. */
export class ExportedSecondFactor extends SecondFactorRead {}
