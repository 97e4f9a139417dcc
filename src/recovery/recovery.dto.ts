import { ApiProperty } from '@nestjs/swagger';
import { CurrentPassword, Email, Password, Text } from '../platform/http/validation/fields.js';

export class ProofOfEmail {
  @Text(43, 43, {
    description: 'What the link of the mail has after `#token=`',
    example: '2r9TRoJk4Vn0yOyxK1OWwD1cJZhJ1f7hS1Tn0yOyxK0',
  })
  token!: string;
}

export class ForgottenPassword {
  @Email({ example: 'ada@example.com' })
  email!: string;
}

/** Sets a password by the token of a mail. */
export class NewPassword extends ProofOfEmail {
  @Password(8, 128, { example: 'Difference-Engine-1822' })
  new_password!: string;
}

export class EmailChange {
  @Email({ example: 'ada@example.org' })
  new_email!: string;

  @CurrentPassword('to change the address')
  current_password?: string;
}

export class MailRequested {
  @ApiProperty({ example: 'The link is on its way.' })
  detail!: string;
}
