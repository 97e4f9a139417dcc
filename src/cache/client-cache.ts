import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { entityTag, matches } from './entity-tag.js';

/**
 * Lets clients and proxies keep what anyone may read: `Cache-Control: public`, a strong `ETag`, and 304 (RFC 9111).
 * Everything else is `no-store`.
 * @param maxAge seconds; 0 turns client-side caching off
 */
export function cacheForClients(fastify: FastifyInstance, maxAge: number): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (maxAge > 0 && typeof payload === 'string' && isCacheable(request, reply)) {
      reply.header('cache-control', `public, max-age=${maxAge}`);
      done(null, withEntityTag(request, reply, payload));
    } else {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      done(null, payload);
    }
  });
}

function isCacheable({ method, routeOptions }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  return statusCode === 200 && (method === 'GET' || method === 'HEAD') && routeOptions.config.isPublic === true;
}

function withEntityTag(request: FastifyRequest, reply: FastifyReply, payload: string): string | null {
  const tag = entityTag(payload);
  reply.header('etag', tag);
  const known = request.headers['if-none-match'];
  if (known === undefined || !matches(known, tag, { isWeak: true })) return payload;
  reply.status(304).removeHeader('content-length').removeHeader('content-type');
  return null;
}
