import { parse, serialize } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDeployed } from '../../config/app.config.js';
import type { HttpConfig } from '../http.config.js';

// Browsers take a name with this prefix over HTTPS only.
const SECURE_PREFIX = '__Secure-';
// The same, and of no other host, even below the same domain.
const HOST_PREFIX = '__Host-';

/**
 * A cookie that is out of reach for scripts, never sent by other sites, and only to auth routes: unless people come back
 * with it by a link of another site, for which a browser wants a cookie of the whole host.
 */
export class AuthCookie {
  private readonly isSecure = isDeployed();
  private readonly name: string;

  constructor(
    name: string,
    private readonly http: HttpConfig,
    private readonly isBroughtBack = false,
  ) {
    const prefix = isBroughtBack ? HOST_PREFIX : SECURE_PREFIX;
    this.name = `${this.isSecure ? prefix : ''}${name}`;
  }

  read(request: FastifyRequest): string | undefined {
    const { cookie } = request.headers;
    return cookie === undefined ? undefined : parse(cookie)[this.name];
  }

  set(reply: FastifyReply, value: string, expires: Date): void {
    const path = this.isBroughtBack ? '/' : this.authPath(reply);
    const sameSite = this.isBroughtBack ? 'lax' : 'strict';
    const options = { path, expires, httpOnly: true, secure: this.isSecure, sameSite } as const;
    reply.header('set-cookie', serialize(this.name, value, options));
  }

  clear(reply: FastifyReply): void {
    this.set(reply, '', new Date(0));
  }

  /** The controller's own path: /api/v1/auth of /api/v1/auth/login. */
  private authPath(reply: FastifyReply): string {
    return this.http.publicPath(reply.request.routeOptions.url!.replace(/\/auth\/.*$/, '/auth'));
  }
}
