import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { isPreflight } from './methods.js';

const EXPOSED_HEADERS = [
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'X-Request-Id',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const MAX_AGE_SECONDS = 600;

/** Pages of these sites may call the API from a browser, with credentials, and read its response headers. */
export function allowOrigins(app: NestFastifyApplication, origin: string[]): void {
  if (origin.length === 0) return;
  const options = {
    origin,
    credentials: true,
    exposedHeaders: EXPOSED_HEADERS,
    methods: METHODS,
    maxAge: MAX_AGE_SECONDS,
  };
  // Any other OPTIONS is left to `AllowedMethods`; the plugin would answer it with plain text.
  app.enableCors({ delegator: (request, done) => done(null, { ...options, preflight: isPreflight(request) }) });
}
