import { type DynamicModule, Module } from '@nestjs/common';
import { ExpiredResponsesTask } from './expired-responses.task.js';
import { KeptResponses } from './kept-responses.service.js';
import { RepeatedRequests } from './repeated-requests.service.js';

/** What `@Idempotent()` needs wherever it stands, also in programs that answer no requests. */
@Module({})
export class IdempotencyModule {
  static forRoot(): DynamicModule {
    const shared = [KeptResponses, RepeatedRequests];
    return { module: IdempotencyModule, global: true, providers: [...shared, ExpiredResponsesTask], exports: shared };
  }
}
