import { Injectable } from '@nestjs/common';
import { AuthCookie } from '../../platform/http/access/auth-cookie.js';
import type { Exchange } from '../../platform/http/access/exchange.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { LIFETIME_SECONDS, randomText } from './challenges.service.js';

const FORM = /^[\w-]{43}$/;

/** The cookie of the client that a challenge was given to: nobody else can answer it. */
@Injectable()
export class ChallengeCookie extends AuthCookie {
  constructor(http: HttpConfig) {
    super('challenge', http);
  }

  /** What the client holds already, so that two tabs can sign in, or else something new. */
  give({ request, reply }: Exchange): string {
    const held = this.read(request) ?? '';
    const value = FORM.test(held) ? held : randomText();
    this.set(reply, value, new Date(Date.now() + LIFETIME_SECONDS * 1000));
    return value;
  }

  /** What a request holds, or nothing. */
  shownBy({ request }: Exchange): string {
    return this.read(request) ?? '';
  }
}
