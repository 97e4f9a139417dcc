import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { AccountEventsModule } from '../users/accounts.events.module.js';
import { UsersModule } from '../users/users.module.js';
import { EnrolmentController } from './enrolment.controller.js';
import { PasskeysService } from './passkeys/passkeys.service.js';
import { RelyingParty } from './passkeys/relying-party.service.js';
import { RecoveryCode } from './recovery-codes/recovery-code.entity.js';
import { RecoveryCodesService } from './recovery-codes/recovery-codes.service.js';
import { SecondFactor } from './second-factor.entity.js';
import { SecondFactorsAdminController } from './second-factors.admin.controller.js';
import { SecondFactorsController } from './second-factors.controller.js';
import { SecondFactorRead } from './second-factors.dto.js';
import { PasskeyTaken, SecondFactorNotFound } from './second-factors.errors.js';
import './second-factors.notices.js';
import { SecondFactorsService } from './second-factors.service.js';
import { SecondFactorsTasksModule } from './second-factors.tasks.module.js';
import { ChallengeCookie } from './sign-in/challenge-cookie.js';
import { Challenge } from './sign-in/challenge.entity.js';
import { Challenges } from './sign-in/challenges.service.js';
import { FactorProofController } from './sign-in/proof.controller.js';
import { FactorProofs } from './sign-in/proofs.service.js';
import { RequiredFactors } from './sign-in/required-factors.service.js';
import { FactorSignInController } from './sign-in/sign-in.controller.js';
import { FactorSignIns } from './sign-in/sign-ins.service.js';
import { Verification } from './sign-in/verification.service.js';
import { TotpSeal } from './totp/totp-seal.service.js';
import { TotpService } from './totp/totp.service.js';

@Module({
  imports: [
    AuthModule,
    UsersModule,
    AccountEventsModule,
    SecondFactorsTasksModule,
    DatabaseModule.forFeature(SecondFactor, {
      reads: [SecondFactorRead],
      notFound: SecondFactorNotFound,
      violations: { second_factor_credential_id_key: PasskeyTaken },
    }),
    DatabaseModule.forFeature(RecoveryCode),
    DatabaseModule.forFeature(Challenge),
  ],
  controllers: [
    SecondFactorsController,
    EnrolmentController,
    FactorSignInController,
    FactorProofController,
    SecondFactorsAdminController,
  ],
  providers: [
    SecondFactorsService,
    TotpService,
    TotpSeal,
    PasskeysService,
    RelyingParty,
    RecoveryCodesService,
    Challenges,
    ChallengeCookie,
    Verification,
    FactorSignIns,
    FactorProofs,
    RequiredFactors,
  ],
})
export class SecondFactorsModule {}
