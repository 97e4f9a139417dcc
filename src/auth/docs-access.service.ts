import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { DocsAccess } from '../docs/docs-access.js';
import { NotSignedIn, SuperuserOnly } from './auth.errors.js';
import { AuthService } from './auth.service.js';

/** Opens the docs to superusers, for routes that guards do not cover. */
@Injectable()
export class DocsAccessService implements DocsAccess {
  constructor(
    private readonly jwt: JwtService,
    private readonly auth: AuthService,
  ) {}

  async require(authorization: string | undefined): Promise<void> {
    const caller = await this.auth.callerOf(this.userId(authorization));
    if (!caller) throw new NotSignedIn();
    if (!caller.is_superuser) throw new SuperuserOnly();
  }

  private userId(authorization: string | undefined): number {
    const [scheme, token = ''] = authorization?.split(' ') ?? [];
    if (scheme?.toLowerCase() !== 'bearer') throw new NotSignedIn();
    try {
      return Number(this.jwt.verify<{ sub: string }>(token).sub);
    } catch {
      throw new NotSignedIn();
    }
  }
}
