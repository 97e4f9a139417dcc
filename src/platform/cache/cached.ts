/** `@Cached` keeps what a public GET answers, `@Invalidates` drops it when a write has succeeded. */
import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { WithFacts } from '../http/access/route-metadata.js';
import { InvalidatesInterceptor } from './invalidates.interceptor.js';
import { CACHED, type CachedOptions, INVALIDATES } from './key-template.js';

declare module '../http/access/route-metadata.js' {
  interface RouteMetadata {
    cached?: CachedOptions;
  }
}

/**
 * Caches the serialised answer of a public GET, each combination of query parameters by itself. A key is a text with
 * placeholders for path parameters, such as `note:{note_id}`; the application does not start with one that is unknown.
 */
export const Cached = (options: CachedOptions): MethodDecorator =>
  applyDecorators(SetMetadata(CACHED, options), WithFacts({ cached: options }));

/** Drops every answer that was cached under one of the keys, in all processes, before the write is answered. */
export const Invalidates = (...keys: string[]): MethodDecorator =>
  applyDecorators(SetMetadata(INVALIDATES, keys), UseInterceptors(InvalidatesInterceptor));
