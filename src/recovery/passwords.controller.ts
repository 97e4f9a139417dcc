/** Apart from each other, as their paths begin like that of a route of another domain. */
import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../platform/http/access/access.js';
import { type Client, CurrentClient } from '../platform/http/requests/client-info.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { StrictLimit } from '../platform/limits/rates/strict-limit.js';
import { audit } from '../platform/runtime/log/audit.js';
import { TooBusy } from '../users/passwords/passwords.errors.js';
import { AccountRecoveryService } from './account-recovery.service.js';
import { ForgottenPassword, MailRequested, NewPassword } from './recovery.dto.js';
import { InvalidLink } from './recovery.errors.js';

const PERHAPS_SENT: MailRequested = { detail: 'If the address has an account, a link is on its way.' };

@ApiTags('auth')
@Controller('auth/password/forgot')
export class ForgottenPasswordsController {
  constructor(private readonly recovery: AccountRecoveryService) {}

  @Post()
  @Public()
  @StrictLimit()
  @Responds({
    operation: 'forgotPassword',
    summary: 'Have a link sent that sets a new password, if the e-mail address has an account',
    status: 202,
    type: MailRequested,
  })
  async forgot(@Body() { email }: ForgottenPassword, @CurrentClient() client: Client): Promise<MailRequested> {
    await this.recovery.forgot(email);
    audit('password_reset_requested', { ...client });
    return PERHAPS_SENT;
  }
}

@ApiTags('auth')
@Controller('auth/password/reset')
export class NewPasswordsController {
  constructor(private readonly recovery: AccountRecoveryService) {}

  @Post()
  @Public()
  @StrictLimit()
  @Responds({
    operation: 'resetPassword',
    summary: 'Set a new password by the token of the mail; all sessions end',
    status: 204,
    problems: [InvalidLink, TooBusy],
  })
  reset(@Body() body: NewPassword, @CurrentClient() client: Client): Promise<void> {
    return this.recovery.reset(body, client);
  }
}
