import { Injectable } from '@nestjs/common';
import { HttpConfig } from '../../platform/http/http.config.js';
import { AuthCookie } from './auth-cookie.js';

/** The cookie that carries the refresh token. */
@Injectable()
export class RefreshCookie extends AuthCookie {
  constructor(http: HttpConfig) {
    super('refresh_token', http);
  }
}
