import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ExpectationFailed, MalformedRequest } from '../problems/http.errors.js';

// Raw bytes that Node would take for characters of Latin 1, and percent signs that may be followed by anything.
const RAW = /[^\x21-\x7e]/;

/**
 * Refuses what Node and Fastify would read as something else than was sent, or would refuse without problem details: a
 * query that is not UTF-8 in percent-encoding, no `Host` (RFC 9112, 3.2), an `Expect` that nobody knows (RFC 9110,
 * 10.1.1). Paths are left to the router, which refuses them as well.
 */
export function refuseMisreadings(fastify: FastifyInstance): void {
  fastify.server.on('checkExpectation', (request, response) => fastify.server.emit('request', request, response));
  fastify.addHook('onRequest', (request, _reply, done) => done(problemOf(request)));
}

function problemOf({ url, headers, raw }: FastifyRequest): Error | undefined {
  if (headers.host === undefined && raw.httpVersion === '1.1')
    return new MalformedRequest('The request has no Host header.');
  if (headers.expect !== undefined && !/^100-continue$/i.test(headers.expect)) return new ExpectationFailed();
  if (RAW.test(url) || !isEncoded(url)) return new MalformedRequest('The query is not percent-encoded UTF-8.');
  return undefined;
}

function isEncoded(url: string): boolean {
  const start = url.indexOf('?');
  if (start < 0 || !url.includes('%', start)) return true;
  try {
    return decodeURIComponent(url.slice(start)) !== undefined;
  } catch {
    return false;
  }
}
