import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { AccountEventsModule } from '../users/accounts.events.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountTiersController } from './account-tiers.controller.js';
import { AccountTiers } from './account-tiers.service.js';
import { TierHolder } from './tier-holder.entity.js';
import { Tier } from './tier.entity.js';
import { TiersAdminController } from './tiers.admin.controller.js';
import { TierRead } from './tiers.dto.js';
import { TierInUse, TierNameTaken, TierNotFound } from './tiers.errors.js';
import { TiersService } from './tiers.service.js';

@Module({
  imports: [
    AuthModule,
    AccountEventsModule,
    UsersModule,
    DatabaseModule.forFeature(Tier, {
      reads: [TierRead],
      notFound: TierNotFound,
      violations: { tier_name_key: TierNameTaken, tier_holder_tier_id_fkey: TierInUse },
    }),
    DatabaseModule.forFeature(TierHolder, { notFound: TierNotFound }),
  ],
  controllers: [TiersAdminController, AccountTiersController],
  providers: [TiersService, AccountTiers],
})
export class TiersModule {}
