import { Module } from '@nestjs/common';
import { AccountEventsModule } from '../users/accounts.events.module.js';
import { Cancellations } from './cancellations.service.js';

/** Apart from routes and streams of tasks: a program that changes accounts needs nothing else of this domain. */
@Module({ imports: [AccountEventsModule], providers: [Cancellations], exports: [Cancellations] })
export class CancellationsModule {}
