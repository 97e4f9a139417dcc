import { Injectable } from '@nestjs/common';
import { AuthCookie } from './auth-cookie.js';

/** The cookie that carries the refresh token. */
@Injectable()
export class RefreshCookie extends AuthCookie {
  constructor() {
    super('refresh_token');
  }
}
