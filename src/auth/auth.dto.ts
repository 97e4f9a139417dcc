import { ApiProperty } from '@nestjs/swagger';
import { Equals, IsString } from 'class-validator';
import { Optional, Text } from '../http/fields.js';

/** The fields of an OAuth 2 password form; only the first two matter. */
export class Login {
  @Text(1, 254, { description: 'User name or e-mail address', example: 'ada' })
  username!: string;

  @Text(1, 128, { format: 'password', example: 'Analytical-Engine-1843' })
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

export class AccessToken {
  @ApiProperty({ example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.Et9HFtf9R3GEMA0IICOfFMVXY7kkTX1wr4qCyhIf58U' })
  access_token!: string;

  @ApiProperty({ enum: ['bearer'] })
  token_type!: 'bearer';

  @ApiProperty({ type: 'integer', example: 1800, description: 'Seconds until the token expires' })
  expires_in!: number;
}
