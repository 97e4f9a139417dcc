import { Injectable } from '@nestjs/common';
import type { Exchange } from '../../platform/http/access/exchange.js';
import { AuthConfig } from '../auth.config.js';
import type { AccessToken } from '../../platform/http/access/access-token.js';
import { secondsUntil, TokensService } from '../tokens/tokens.service.js';
import { RefreshCookie } from './refresh-cookie.js';
import type { OpenSession } from './sessions.service.js';

/** Gives sessions to clients: the refresh token in a cookie, the access token in the answer. */
@Injectable()
export class SessionDelivery {
  constructor(
    private readonly tokens: TokensService,
    private readonly cookie: RefreshCookie,
    private readonly config: AuthConfig,
  ) {}

  hand(session: OpenSession, reply: Exchange['reply']): AccessToken {
    const expires_in = Math.min(this.config.ACCESS_TOKEN_EXPIRE_MINUTES * 60, secondsUntil(session.expires_at));
    const holder = { userId: session.user_id, sessionId: session.id };
    this.cookie.set(reply, session.refresh_token, session.idle_expires_at);
    return { access_token: this.tokens.sign('access', holder, expires_in), token_type: 'bearer', expires_in };
  }

  /** The refresh token in the cookie of a request, or nothing. */
  shownBy(request: Exchange['request']): string {
    return this.cookie.read(request) ?? '';
  }
}
