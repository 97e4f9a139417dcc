import { parse, serialize } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDeployed } from '../../config/app.config.js';
import type { HttpConfig } from '../http.config.js';

// Browsers take a name with this prefix over HTTPS only.
const SECURE_PREFIX = '__Secure-';

/** A cookie that is out of reach for scripts, never sent by other sites, and only to auth routes. */
export class AuthCookie {
  private readonly isSecure = isDeployed();
  private readonly name: string;

  constructor(
    name: string,
    private readonly http: HttpConfig,
  ) {
    this.name = `${this.isSecure ? SECURE_PREFIX : ''}${name}`;
  }

  read(request: FastifyRequest): string | undefined {
    const { cookie } = request.headers;
    return cookie === undefined ? undefined : parse(cookie)[this.name];
  }

  set(reply: FastifyReply, value: string, expires: Date): void {
    // The controller's own path: /api/v1/auth of /api/v1/auth/login.
    const path = this.http.publicPath(reply.request.routeOptions.url!.replace(/\/auth\/.*$/, '/auth'));
    const options = { path, expires, httpOnly: true, secure: this.isSecure, sameSite: 'strict' } as const;
    reply.header('set-cookie', serialize(this.name, value, options));
  }

  clear(reply: FastifyReply): void {
    this.set(reply, '', new Date(0));
  }
}
