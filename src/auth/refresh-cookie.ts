import { parse, serialize } from 'cookie';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDeployed } from '../config/app.config.js';
import type { OpenSession } from './sessions.service.js';

// Browsers take a name with this prefix over HTTPS only.
const SECURE_PREFIX = '__Secure-';

/** The cookie that carries the refresh token: out of reach for scripts, never sent by other sites, only to auth routes. */
@Injectable()
export class RefreshCookie {
  private readonly isSecure = isDeployed();
  private readonly name = `${this.isSecure ? SECURE_PREFIX : ''}refresh_token`;

  read(request: FastifyRequest): string | undefined {
    const { cookie } = request.headers;
    return cookie === undefined ? undefined : parse(cookie)[this.name];
  }

  set(reply: FastifyReply, { refresh_token, idle_expires_at }: OpenSession): void {
    this.write(reply, refresh_token, idle_expires_at);
  }

  clear(reply: FastifyReply): void {
    this.write(reply, '', new Date(0));
  }

  private write(reply: FastifyReply, value: string, expires: Date): void {
    // The controller's own path: /api/v1/auth of /api/v1/auth/login.
    const path = reply.request.routeOptions.url!.replace(/\/auth\/.*$/, '/auth');
    const options = { path, expires, httpOnly: true, secure: this.isSecure, sameSite: 'strict' } as const;
    reply.header('set-cookie', serialize(this.name, value, options));
  }
}
