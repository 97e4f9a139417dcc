import { ApiProperty } from '@nestjs/swagger';

/** What whoever has signed in is answered (RFC 6749, 5.1); the refresh token is in a cookie. */
export class AccessToken {
  @ApiProperty({ example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.Et9HFtf9R3GEMA0IICOfFMVXY7kkTX1wr4qCyhIf58U' })
  access_token!: string;

  @ApiProperty({ enum: ['bearer'] })
  token_type!: 'bearer';

  @ApiProperty({ type: 'integer', example: 1800, description: 'Seconds until the token expires' })
  expires_in!: number;
}
