import { UseInterceptors } from '@nestjs/common';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

/**
 * Lets clients repeat a POST that creates something, with an `Idempotency-Key`. It stands right below `@Post()`, so that
 * whatever happens around the handler, such as `@Invalidates`, happens after the commit.
 */
export const Idempotent = (): MethodDecorator => UseInterceptors(IdempotencyInterceptor);
