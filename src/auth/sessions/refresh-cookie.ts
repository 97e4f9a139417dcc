import { Injectable } from '@nestjs/common';
import { AuthCookie } from '../../platform/http/access/auth-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';

/** The cookie that carries the refresh token. */
@Injectable()
export class RefreshCookie extends AuthCookie {
  constructor(http: HttpConfig) {
    super('refresh_token', http);
  }
}
