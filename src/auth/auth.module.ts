import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { DatabaseModule } from '../database/database.module.js';
import { DOCS_ACCESS } from '../docs/docs-access.js';
import { User } from '../users/user.entity.js';
import { AccessGuard } from './access.guard.js';
import { AuthConfig } from './auth.config.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { DocsAccessService } from './docs-access.service.js';
import { HashQueue } from './hash-queue.js';
import { JwtStrategy } from './jwt.strategy.js';
import { PasswordsService } from './passwords.service.js';

@Module({
  imports: [
    DatabaseModule.forFeature(User),
    PassportModule,
    JwtModule.registerAsync({
      inject: [AuthConfig],
      useFactory: ({ signingKey, pinned, ACCESS_TOKEN_EXPIRE_MINUTES }: AuthConfig) => ({
        secretOrKeyProvider: () => signingKey,
        verifyOptions: pinned,
        signOptions: {
          algorithm: pinned.algorithms[0],
          issuer: pinned.issuer,
          audience: pinned.audience,
          expiresIn: ACCESS_TOKEN_EXPIRE_MINUTES * 60,
        },
      }),
    }),
  ],
  controllers: [AuthController],
  providers: [
    AuthService,
    JwtStrategy,
    HashQueue,
    PasswordsService,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: DOCS_ACCESS, useClass: DocsAccessService },
  ],
  exports: [PasswordsService, DOCS_ACCESS],
})
export class AuthModule {}
