import { ApiProperty } from '@nestjs/swagger';
import { Equals, IsString } from 'class-validator';
import { CurrentPassword, Optional, Password, Text } from '../platform/http/validation/fields.js';
import { OptionalBody } from '../platform/http/validation/validation.pipe.js';

/** The fields of an OAuth 2 password form; only the first two matter. */
export class Login {
  @Text(1, 254, { description: 'User name or e-mail address', example: 'ada' })
  username!: string;

  @Password(1, 128, { example: 'Analytical-Engine-1843' })
  password!: string;

  @ApiProperty({ required: false, enum: ['password'] })
  @Optional()
  @Equals('password')
  grant_type?: 'password';

  @ApiProperty({ required: false })
  @Optional()
  @IsString()
  scope?: string;

  @ApiProperty({ required: false })
  @Optional()
  @IsString()
  client_id?: string;

  @ApiProperty({ required: false })
  @Optional()
  @IsString()
  client_secret?: string;
}

@OptionalBody()
export class Refresh {
  @ApiProperty({ required: false, description: 'For clients without cookies; if missing, the cookie is used' })
  @Optional()
  @IsString()
  refresh_token?: string;
}

export class PasswordProof {
  @Password(1, 128, { example: 'Analytical-Engine-1843' })
  password!: string;
}

export class PasswordChange {
  @CurrentPassword('to change it')
  current_password?: string;

  @Password(8, 128, { example: 'Difference-Engine-1822' })
  new_password!: string;
}

export class SessionRead {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' })
  user_agent!: string;
  @ApiProperty({ example: '203.0.113.7' }) ip!: string;
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date, description: 'When the session was opened or last refreshed' }) last_used_at!: string;
  @ApiProperty({ type: Date, description: 'When it ends if it is not refreshed' }) idle_expires_at!: string;
  @ApiProperty({ type: Date, description: 'When it ends in any case' }) expires_at!: string;
}

/** A session in the export of its user. */
export class ExportedSession extends SessionRead {
  @ApiProperty({ type: Date }) updated_at!: string;
  @ApiProperty({ type: Date, nullable: true }) revoked_at!: string | null;
}

export class OwnSession extends SessionRead {
  @ApiProperty({ example: true, description: 'Whether it is the session of this request' }) is_current!: boolean;
}
