import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import type { AnyRequest, Caller } from '../../platform/http/access/caller.js';
import { AuthConfig } from '../auth.config.js';
import { bearerToken } from './bearer-token.js';
import { CallersService } from '../access/callers.service.js';
import { TokenKeys } from './token-keys.js';
import { holderOf } from './tokens.service.js';
import { TokenCache } from './token-cache.js';

const SECOND = 1000;

/** Verifies access tokens (RFC 8725: pinned algorithm, issuer and audience) and finds whom they name. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    private readonly callers: CallersService,
    private readonly verified: TokenCache,
    { pinned }: AuthConfig,
    keys: TokenKeys,
  ) {
    super({
      jwtFromRequest: bearerToken,
      secretOrKeyProvider: (_request: object, token: string, done: (error: unknown, key?: never) => void) => {
        try {
          // passport-jwt hands the key on to jsonwebtoken, which takes key objects; its own types lag behind.
          done(null, keys.of(token) as never);
        } catch (error) {
          done(error);
        }
      },
      ...pinned,
      passReqToCallback: true,
    });
  }

  async validate(request: AnyRequest, claims: { exp: number }): Promise<Caller | false> {
    const holder = holderOf(claims, 'access');
    if (!holder) return false;
    request.accessUntil = claims.exp * SECOND;
    this.verified.add(bearerToken(request)!, holder, request.accessUntil);
    return (await this.callers.of(holder)) ?? false;
  }
}
