import { Module } from '@nestjs/common';
import { LimitsModule } from '../../platform/limits/limits.module.js';
import { OpenStreams } from '../../platform/limits/streams/open-streams.js';
import { AuthModule } from '../auth.module.js';
import { CallerStreams } from './caller-streams.service.js';

/** The event streams that callers have open. */
@Module({
  imports: [AuthModule, LimitsModule],
  providers: [OpenStreams, CallerStreams],
  exports: [CallerStreams, AuthModule],
})
export class StreamsModule {}
