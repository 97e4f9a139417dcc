import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDeployed } from '../../platform/config/app.config.js';
import { AuthCookie } from '../../platform/http/access/auth-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { isSecret, newSecret } from './attempts.service.js';

const MILLISECONDS = 600_000;

/** Holds the secret of a browser that is away at a provider, which all its tabs share. */
@Injectable()
export class AttemptCookie {
  private readonly cookie: AuthCookie;

  constructor(private readonly http: HttpConfig) {
    this.cookie = new AuthCookie('social_sign_in', http, true);
  }

  read(request: FastifyRequest): string | undefined {
    return this.cookie.read(request);
  }

  set(reply: FastifyReply, secret: string): void {
    this.cookie.set(reply, secret, new Date(Date.now() + MILLISECONDS));
  }

  /** The secret of the browser, a new one if it has none, and where the provider sends it back to. */
  detour(provider: string, request: FastifyRequest): { secret: string; redirect_uri: string } {
    const kept = this.read(request);
    // Outside local, cookies come over HTTPS only, whatever the proxy says.
    const origin = `${isDeployed() ? 'https' : request.protocol}://${request.host}`;
    const path = request.routeOptions.url!.replace(/\/auth\/.*$/, `/auth/oidc/${provider}/callback`);
    return { secret: isSecret(kept) ? kept : newSecret(), redirect_uri: origin + this.http.publicPath(path) };
  }
}
