import { INTERCEPTORS_METADATA } from '@nestjs/common/constants.js';
import { IDEMPOTENCY_KEY } from '../idempotency/idempotency-key.js';
import { IdempotencyInterceptor } from '../idempotency/idempotency.interceptor.js';
import type { Route } from './routes.js';

// The key itself, or the same as a quoted string (RFC 9651, 3.3.3).
const KEY_PATTERN = String.raw`^([!#-~][!-~]*|"([!#-\[\]-~]|\\["\\])+")$`;

export const KEY_HEADER = {
  name: IDEMPOTENCY_KEY,
  required: false,
  description:
    'A new text for each request that is not a repetition, such as a UUID: with it, the request takes effect once',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: KEY_PATTERN },
} as const;

export const REPLAYED = { 'Idempotency-Replayed': 'true, where an earlier request with this key had this response' };

/** Whether a route is `@Idempotent()`. Throws where something around the handler would happen before the commit. */
export function isIdempotent({ controller, handler }: Pick<Route, 'controller' | 'handler'>): boolean {
  const around = (Reflect.getMetadata(INTERCEPTORS_METADATA, handler) ?? []) as unknown[];
  const place = around.indexOf(IdempotencyInterceptor);
  if (place >= 0 && place < around.length - 1) {
    throw new Error(`${controller.name}.${handler.name} has to have @Idempotent() above its other interceptors`);
  }
  return place >= 0;
}
