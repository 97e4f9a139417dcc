import { Module } from '@nestjs/common';
import { OpenStreams } from '../../platform/limits/streams/open-streams.js';
import { AuthModule } from '../auth.module.js';
import { CallerStreams } from './caller-streams.service.js';

/** The event streams that callers have open. */
@Module({ imports: [AuthModule], providers: [OpenStreams, CallerStreams], exports: [CallerStreams, AuthModule] })
export class StreamsModule {}
