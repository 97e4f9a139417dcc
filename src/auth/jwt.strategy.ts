import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import type { AnyRequest, Caller } from '../http/caller.js';
import { AuthConfig } from './auth.config.js';
import { bearerToken } from './bearer-token.js';
import { CallersService } from './callers.service.js';
import { TokenKeys } from './token-keys.js';
import { holderOf } from './tokens.service.js';
import { VerifiedTokens } from './verified-tokens.js';

/** Verifies access tokens (RFC 8725: pinned algorithm, issuer and audience) and finds whom they name. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  private readonly verified = new VerifiedTokens();

  constructor(
    private readonly callers: CallersService,
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

  /** Verifies each token once; whom it names is asked each time. */
  override authenticate(request: never, options?: object): void {
    const holder = this.verified.get(bearerToken(request) ?? '');
    if (!holder) return super.authenticate(request, options);
    this.callers.of(holder).then(
      (caller) => (caller ? this.success(caller) : this.fail(401)),
      (error: Error) => this.error(error),
    );
  }

  async validate(request: AnyRequest, claims: { exp: number }): Promise<Caller | false> {
    const holder = holderOf(claims, 'access');
    if (!holder) return false;
    this.verified.add(bearerToken(request)!, holder, claims.exp);
    return (await this.callers.of(holder)) ?? false;
  }
}
