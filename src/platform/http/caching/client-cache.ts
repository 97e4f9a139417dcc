import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WithFacts } from '../access/route-metadata.js';
import { entityTag, matches } from './entity-tag.js';

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Marks a route whose answer of a path never changes, so that clients may keep it without asking again (RFC 8246). */
export const Immutable = (): MethodDecorator => WithFacts({ isImmutable: true });

/**
 * Gives every GET that succeeds a strong `ETag`, for `If-Match`. What anyone may read, clients and proxies may keep:
 * `Cache-Control: public`, and 304 to `If-None-Match` (RFC 9111). Everything else is `no-store`.
 * @param maxAge seconds; 0 turns client-side caching off
 */
export function cacheForClients(fastify: FastifyInstance, maxAge: number): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const tag = isTagged(request, reply) ? tagOf(reply, payload) : undefined;
    const isKept = tag !== undefined && maxAge > 0 && request.routeOptions.config.isPublic === true;
    if (tag) reply.header('etag', tag);
    if (isKept) reply.header('cache-control', keptFor(request, maxAge));
    else if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done(null, isKept && isKnown(request, tag) ? notModified(request, reply) : payload);
  });
}

function keptFor({ routeOptions }: FastifyRequest, maxAge: number): string {
  return routeOptions.config.isImmutable ? `public, max-age=${YEAR_SECONDS}, immutable` : `public, max-age=${maxAge}`;
}

function isTagged({ method }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  return statusCode === 200 && (method === 'GET' || method === 'HEAD');
}

function isKnown(request: FastifyRequest, tag: string): boolean {
  const known = request.headers['if-none-match'];
  return known !== undefined && matches(known, tag, { isWeak: true });
}

/** A response without a length, because it has no body; Fastify's own HEAD handler would measure anything but a stream. */
function notModified({ method }: FastifyRequest, reply: FastifyReply): Readable | null {
  reply.status(304);
  return method === 'HEAD' ? Readable.from([]) : null;
}

/** A stream has none; cached responses and files have theirs already. */
function tagOf(reply: FastifyReply, payload: unknown): string | undefined {
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return undefined;
  return (reply.getHeader('etag') as string | undefined) ?? entityTag(payload);
}
