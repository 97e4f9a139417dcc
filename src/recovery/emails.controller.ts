import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NeedsPassword, NeedsSession, OpenToRestricted, Public } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { type Client, CurrentClient } from '../platform/http/requests/client-info.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { StrictLimit } from '../platform/limits/rates/strict-limit.js';
import { TooBusy } from '../users/passwords/passwords.errors.js';
import { EmailTaken, WrongPassword } from '../users/users.errors.js';
import { AccountRecoveryService } from './account-recovery.service.js';
import { EmailChangeService } from './email-change.service.js';
import { EmailVerificationService } from './email-verification.service.js';
import { EmailChange, MailRequested, NewPassword, ProofOfEmail } from './recovery.dto.js';
import { EmailAlreadyVerified, EmailVerificationRequired, InvalidLink, NewEmailRequired } from './recovery.errors.js';

const SENT: MailRequested = { detail: 'The link is on its way.' };

const OpenToUnverified = () => OpenToRestricted(EmailVerificationRequired, NewEmailRequired);

@ApiTags('auth')
@Controller('auth/email')
@StrictLimit()
export class EmailsController {
  constructor(
    private readonly verification: EmailVerificationService,
    private readonly changes: EmailChangeService,
    private readonly recovery: AccountRecoveryService,
  ) {}

  @Post('verification')
  @NeedsSession()
  @OpenToUnverified()
  @Responds({
    operation: 'sendVerification',
    summary: 'Send the link that verifies your e-mail address once more',
    status: 202,
    type: MailRequested,
    problems: [EmailAlreadyVerified, NewEmailRequired],
  })
  async sendVerification(@CurrentCaller() caller: Caller): Promise<MailRequested> {
    await this.verification.sendAgain(caller);
    return SENT;
  }

  @Post('verify')
  @NeedsSession()
  @OpenToUnverified()
  @Responds({
    operation: 'verifyEmail',
    summary: 'Verify your e-mail address, or the one that you change it to, by the token of the mail',
    status: 204,
    problems: [InvalidLink, EmailTaken],
  })
  verify(
    @CurrentCaller() caller: Caller,
    @Body() { token }: ProofOfEmail,
    @CurrentClient() client: Client,
  ): Promise<void> {
    return this.verification.verify(caller, token, client);
  }

  @Post('change')
  @NeedsPassword()
  @OpenToUnverified()
  @Responds({
    operation: 'changeEmail',
    summary: 'Change your e-mail address: a link goes to the new one, and changes it',
    status: 202,
    type: MailRequested,
    problems: [WrongPassword, TooBusy],
  })
  async changeEmail(
    @CurrentCaller() caller: Caller,
    @Body() body: EmailChange,
    @CurrentClient() client: Client,
  ): Promise<MailRequested> {
    await this.changes.request(caller, body, client);
    return SENT;
  }

  @Post('revert')
  @Public()
  @Responds({
    operation: 'revertEmail',
    summary: 'Take your account back to the e-mail address before, with a new password; all sessions end',
    status: 204,
    problems: [InvalidLink, EmailTaken, TooBusy],
  })
  revertEmail(@Body() body: NewPassword, @CurrentClient() client: Client): Promise<void> {
    return this.recovery.revert(body, client);
  }
}
