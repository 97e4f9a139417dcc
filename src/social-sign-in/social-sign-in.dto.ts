import { ApiProperty } from '@nestjs/swagger';
import { Email, Label, Optional, Text } from '../platform/http/validation/fields.js';

const REDIRECT_TO = {
  required: false,
  description:
    'Where the browser goes afterwards: a page of the front end, or of an origin in `CORS_ORIGINS`; if missing, the front end’s first page',
  example: 'https://app.example.com/welcome',
};

export class SocialSignIn {
  @Optional()
  @Text(1, 2048, REDIRECT_TO)
  redirect_to?: string;
}

/** The names by which people may sign in elsewhere. */
export class ProviderList {
  @ApiProperty({ type: 'array', items: { type: 'string' }, example: ['github', 'google'] })
  providers!: string[];
}

export class Departure {
  @ApiProperty({
    example: 'https://accounts.google.com/o/oauth2/v2/auth?client_id=1',
    description: 'Where the browser signs in at the other site: send it there',
  })
  authorization_url!: string;
}

export class LinkRead {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: 'google' }) provider!: string;
  @ApiProperty({ type: Date }) created_at!: string;
}

/** A link in the export of the user whose it is. */
export class ExportedLink extends LinkRead {
  @ApiProperty({ type: Date }) updated_at!: string;
  @ApiProperty({ example: 'https://accounts.google.com' }) issuer!: string;
  @ApiProperty({ example: '110169484474386276334' }) subject!: string;
}

/** What an account takes of what another site says of somebody. */
export class Newcomer {
  @Label(2, 30)
  name!: string;

  @Email()
  email!: string;
}
