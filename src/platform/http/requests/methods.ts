import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { MethodNotAllowed, RouteNotFound } from '../problems/http.errors.js';

/** All methods that Node parses, except CONNECT, which has no path. */
const READABLE = METHODS.filter((method) => method !== 'CONNECT');

/** Makes every known path answer 405 with `Allow` to the methods that it does not take (RFC 9110, 15.5.6). */
export class AllowedMethods {
  private readonly byPath = new Map<string, Set<HTTPMethods>>();
  private readonly refusals = new Map<string, MethodNotAllowed>();

  /** Notes the routes that are added from now on. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      // Preflights of whatever path there may be; and what the router also takes `OPTIONS *` for.
      if (url === '*' || url === '/') return;
      const methods = this.byPath.get(url) ?? new Set();
      for (const one of [method].flat()) methods.add(one);
      this.byPath.set(url, methods);
    });
    fastify.addHook('onRequest', (request, _reply, done) => {
      if (request.method !== 'OPTIONS' || isPreflight(request)) done();
      else done(this.refusals.get(request.routeOptions.url ?? '*') ?? new RouteNotFound());
    });
  }

  /** Adds the missing methods to the paths noted so far. */
  refuseOthers(fastify: FastifyInstance): void {
    for (const method of READABLE) if (!fastify.supportedMethods.includes(method)) fastify.addHttpMethod(method);
    for (const [url, methods] of this.byPath) {
      const allowed = READABLE.filter((method) => methods.has(method) || fastify.hasRoute({ url, method }));
      const missing = READABLE.filter((method) => !allowed.includes(method));
      if (missing.length === 0) continue;
      const refusal = new MethodNotAllowed(allowed);
      this.refusals.set(url, refusal);
      fastify.route({ method: missing, url, onRequest: (_, __, done) => done(refusal), handler: () => undefined });
    }
  }
}

/** Whether a browser asks what a page of another site may send: https://fetch.spec.whatwg.org/#cors-preflight-request */
export function isPreflight({ headers }: FastifyRequest): boolean {
  return headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}
