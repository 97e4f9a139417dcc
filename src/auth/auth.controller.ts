import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { AcceptsForm } from '../http/form.js';
import { AccessToken, Login } from './auth.dto.js';
import { TooBusy, WrongCredentials } from './auth.errors.js';
import { AuthService } from './auth.service.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post('login')
  @Public()
  @AcceptsForm()
  @Answers({ summary: 'Sign in', type: AccessToken, problems: [WrongCredentials, TooBusy] })
  login(@Body() { username, password }: Login): Promise<AccessToken> {
    return this.auth.login(username, password);
  }
}
