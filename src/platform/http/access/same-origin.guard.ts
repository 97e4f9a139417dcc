import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Throws } from '../responses/response-docs.js';
import { HttpConfig } from '../http.config.js';

export class ForeignOrigin extends ForbiddenException {
  constructor() {
    super('Pages from this origin may not do this.', { errorCode: 'foreign_origin' });
  }
}

/**
 * Refuses requests from pages of other sites, unless `CORS_ORIGINS` names them: for routes that set or read cookies, which
 * browsers would add by themselves. Browsers send `Origin` with every POST; other clients need not.
 */
@Injectable()
@Throws(ForeignOrigin)
export class SameOriginGuard implements CanActivate {
  private readonly allowed: ReadonlySet<string>;

  constructor(config: HttpConfig) {
    this.allowed = new Set(config.origins);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { origin } = request.headers;
    if (origin === undefined || this.allowed.has(origin) || isOwn(origin, request)) return true;
    throw new ForeignOrigin();
  }
}

/** Behind a proxy that is not in `TRUST_PROXY`, HTTPS looks like HTTP, but never the other way round. */
function isOwn(origin: string, { host, protocol }: FastifyRequest): boolean {
  const own = plainOrigin(origin);
  return own !== undefined && [`https://${host}`, `${protocol}://${host}`].some((one) => plainOrigin(one) === own);
}

/** An origin in its one spelling: in lower case, without the default port (RFC 6454, 4) and the dot that ends a name. */
function plainOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, origin } = new URL(text);
  // What has no host has the origin "null".
  return origin === 'null' ? undefined : `${protocol}//${hostname.replace(/\.$/, '')}:${port}`;
}
