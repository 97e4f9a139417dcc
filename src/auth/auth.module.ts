import { Global, Module } from '@nestjs/common';
import { JwtModule, type JwtModuleOptions, JwtSecretRequestType } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { DatabaseModule } from '../platform/database/database.module.js';
import { DOCS_ACCESS } from '../platform/docs/docs-access.js';
import { CountsModule } from '../platform/limits/limits.module.js';
import { AccountEventsModule } from '../users/accounts.events.module.js';
import { OwnerProof } from '../users/owner-proof.service.js';
import { UsersModule } from '../users/users.module.js';
import { AuthConfig } from './auth.config.js';
import { AuthController } from './auth.controller.js';
import './auth.notices.js';
import { AuthTasksModule } from './auth.tasks.module.js';
import { SessionRead } from './auth.dto.js';
import { AuthService } from './auth.service.js';
import { CallersService } from './access/callers.service.js';
import { AccessKeys } from './access/access-keys.service.js';
import { DocsAccessService } from './access/docs-access.service.js';
import { LimitSources } from './access/limit-sources.service.js';
import { PermissionSources } from './access/permission-sources.service.js';
import { Restrictions } from './access/restrictions.service.js';
import { FailuresService } from './lock-out/failures.service.js';
import { KnownDevices } from './lock-out/known-devices.js';
import { NewDevices } from './lock-out/new-devices.service.js';
import { JwtStrategy } from './tokens/jwt.strategy.js';
import { PasswordCheck } from './passwords/password-check.service.js';
import { RefreshCookie } from './sessions/refresh-cookie.js';
import { Session } from './sessions/session.entity.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { FreshProofs } from './sessions/fresh-proofs.service.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SessionDelivery } from './sessions/session-delivery.service.js';
import { SessionHandover } from './sign-in/session-handover.service.js';
import { SignInSteps } from './sign-in/sign-in-steps.service.js';
import { WaysIn } from './sign-in/ways-in.service.js';
import { TokenKeys } from './tokens/token-keys.js';
import { TokensService } from './tokens/tokens.service.js';
import { TokenCache } from './tokens/token-cache.js';

@Module({ providers: [TokenKeys], exports: [TokenKeys] })
class TokenKeysModule {}

/** Everywhere, as the accounts that it stands on need its `OwnerProof`. */
@Global()
@Module({
  imports: [
    UsersModule,
    AccountEventsModule,
    CountsModule,
    DatabaseModule.forFeature(Session, { reads: [SessionRead] }),
    AuthTasksModule,
    PassportModule,
    TokenKeysModule,
    JwtModule.registerAsync({ imports: [TokenKeysModule], inject: [AuthConfig, TokenKeys], useFactory: signing }),
  ],
  controllers: [AuthController, SessionsController],
  providers: [
    AuthService,
    PasswordCheck,
    { provide: OwnerProof, useExisting: PasswordCheck },
    SessionsService,
    SignInSteps,
    WaysIn,
    SessionDelivery,
    SessionHandover,
    FreshProofs,
    CallersService,
    AccessKeys,
    PermissionSources,
    LimitSources,
    Restrictions,
    FailuresService,
    JwtStrategy,
    TokensService,
    TokenCache,
    RefreshCookie,
    KnownDevices,
    NewDevices,
    { provide: DOCS_ACCESS, useClass: DocsAccessService },
  ],
  exports: [
    OwnerProof,
    PasswordCheck,
    CallersService,
    AccessKeys,
    PermissionSources,
    LimitSources,
    Restrictions,
    SignInSteps,
    WaysIn,
    SessionHandover,
    FreshProofs,
    FailuresService,
    TokenCache,
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
