import type { FastifyInstance } from 'fastify';
import { isDeployed } from '../../config/app.config.js';

/** Responses are for programs: they must not be sniffed or framed, or load anything (OWASP ASVS 5.0, 3.4). */
const HEADERS = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** The headers of every response; outside local they make browsers stay on HTTPS (RFC 6797). */
export function securityHeaders(): Record<string, string> {
  if (!isDeployed()) return HEADERS;
  return { ...HEADERS, 'strict-transport-security': `max-age=${YEAR_SECONDS}; includeSubDomains` };
}

/** Sets the security headers first thing, so that errors carry them too; a route may set others of the same name. */
export function secureAnswers(fastify: FastifyInstance): void {
  const headers = Object.entries(securityHeaders());
  fastify.addHook('onRequest', (_request, reply, done) => {
    for (const [name, value] of headers) reply.header(name, value);
    done();
  });
}
