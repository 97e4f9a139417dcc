import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Caller } from '../http/access.js';
import { AuthConfig } from './auth.config.js';
import { AuthService } from './auth.service.js';

/** Verifies access tokens (RFC 8725: pinned algorithm, issuer and audience) and loads whom they name. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    private readonly auth: AuthService,
    config: AuthConfig,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // passport-jwt hands the key on to jsonwebtoken, which takes key objects; its own types lag behind.
      secretOrKey: config.signingKey as unknown as string,
      ...config.pinned,
    });
  }

  async validate({ sub }: { sub?: unknown }): Promise<Caller | false> {
    return (await this.auth.callerOf(sub)) ?? false;
  }
}
