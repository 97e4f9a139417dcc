import { Module } from '@nestjs/common';
import { AccountEventsModule } from '../users/accounts.events.module.js';
import { Cancellations } from './cancellations.service.js';

/** Apart from the queue, which programs that end accounts can do without. */
@Module({ imports: [AccountEventsModule], providers: [Cancellations], exports: [Cancellations] })
export class CancellationsModule {}
