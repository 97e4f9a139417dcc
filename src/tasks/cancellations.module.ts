import { Module } from '@nestjs/common';
import { Cancellations } from './cancellations.service.js';

/** For whoever ends accounts, with or without a queue. */
@Module({ providers: [Cancellations], exports: [Cancellations] })
export class CancellationsModule {}
