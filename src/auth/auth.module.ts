import { Module } from '@nestjs/common';
import { JwtModule, type JwtModuleOptions, JwtSecretRequestType } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { DatabaseModule } from '../database/database.module.js';
import { DOCS_ACCESS } from '../docs/docs-access.js';
import { User } from '../users/user.entity.js';
import { AuthConfig } from './auth.config.js';
import { AuthController } from './auth.controller.js';
import { AuthTasksModule } from './auth.tasks.module.js';
import { LiveSession, SessionRead } from './auth.dto.js';
import { AuthService } from './auth.service.js';
import { CredentialsService } from './credentials.service.js';
import { CallersService } from './callers.service.js';
import { DocsAccessService } from './docs-access.service.js';
import { FailuresService } from './failures.service.js';
import { HashQueue } from './hash-queue.js';
import { KnownDevices } from './known-devices.js';
import { JwtStrategy } from './jwt.strategy.js';
import { PasswordsService } from './passwords.service.js';
import { RefreshCookie } from './refresh-cookie.js';
import { Session } from './session.entity.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { TokenKeys } from './token-keys.js';
import { TokensService } from './tokens.service.js';
import { VerifiedTokens } from './verified-tokens.js';

@Module({ providers: [TokenKeys], exports: [TokenKeys] })
class TokenKeysModule {}

@Module({
  imports: [
    DatabaseModule.forFeature(User),
    DatabaseModule.forFeature(Session, { reads: [LiveSession, SessionRead] }),
    AuthTasksModule,
    PassportModule,
    TokenKeysModule,
    JwtModule.registerAsync({ imports: [TokenKeysModule], inject: [AuthConfig, TokenKeys], useFactory: signing }),
  ],
  controllers: [AuthController, SessionsController],
  providers: [
    AuthService,
    CredentialsService,
    SessionsService,
    CallersService,
    FailuresService,
    JwtStrategy,
    TokensService,
    VerifiedTokens,
    RefreshCookie,
    KnownDevices,
    HashQueue,
    PasswordsService,
    { provide: DOCS_ACCESS, useClass: DocsAccessService },
  ],
  exports: [
    CredentialsService,
    PasswordsService,
    SessionsService,
    CallersService,
    VerifiedTokens,
    KnownDevices,
    DOCS_ACCESS,
  ],
})
export class AuthModule {}

function signing({ signingKey, pinned }: AuthConfig, keys: TokenKeys): JwtModuleOptions {
  return {
    secretOrKeyProvider: (type, token) =>
      type === JwtSecretRequestType.SIGN ? signingKey.key : keys.of(token as string),
    verifyOptions: pinned,
    signOptions: {
      algorithm: pinned.algorithms[0],
      keyid: signingKey.id,
      issuer: pinned.issuer,
      audience: pinned.audience,
    },
  };
}
