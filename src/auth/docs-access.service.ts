import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { ExtractJwt } from 'passport-jwt';
import type { DocsAccess } from '../docs/docs-access.js';
import { NotSignedIn, SuperuserOnly } from './auth.errors.js';
import { AuthService } from './auth.service.js';

const bearerToken = ExtractJwt.fromAuthHeaderAsBearerToken() as (request: { headers: object }) => string | null;

/** Opens the docs to superusers, for routes that guards do not cover. */
@Injectable()
export class DocsAccessService implements DocsAccess {
  constructor(
    private readonly jwt: JwtService,
    private readonly auth: AuthService,
  ) {}

  async require(authorization: string | undefined): Promise<void> {
    const caller = await this.auth.callerOf(this.subjectOf(authorization));
    if (!caller) throw new NotSignedIn();
    if (!caller.is_superuser) throw new SuperuserOnly();
  }

  private subjectOf(authorization: string | undefined): unknown {
    const token = bearerToken({ headers: { authorization } });
    try {
      return token && this.jwt.verify<{ sub: unknown }>(token).sub;
    } catch {
      return undefined;
    }
  }
}
