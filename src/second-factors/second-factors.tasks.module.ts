import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { SecondFactor } from './second-factor.entity.js';
import { ExportedSecondFactor } from './second-factors.dto.js';
import { ExpiredChallengesTask } from './sign-in/expired-challenges.task.js';

@Module({
  imports: [
    DatabaseModule.forExport(SecondFactor, { name: 'second_factors', owner: 'user_id', as: ExportedSecondFactor }),
  ],
  providers: [ExpiredChallengesTask],
})
export class SecondFactorsTasksModule {}
