import type { FastifyInstance, HTTPMethods, onRequestHookHandler } from 'fastify';
import { MethodNotAllowed } from './http.errors.js';

const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Makes every known path answer 405 with `Allow` to the methods that it does not take (RFC 9110, 15.5.6). */
export class AllowedMethods {
  private readonly byPath = new Map<string, Set<HTTPMethods>>();

  /** Notes the routes that are added from now on. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      // Preflights of whatever path there may be.
      if (url === '*') return;
      const methods = this.byPath.get(url) ?? new Set();
      for (const one of [method].flat()) methods.add(one);
      this.byPath.set(url, methods);
    });
  }

  /** Adds the missing methods to the paths noted so far. */
  refuseOthers(fastify: FastifyInstance): void {
    for (const [url, methods] of this.byPath) {
      const allowed = METHODS.filter((method) => methods.has(method) || fastify.hasRoute({ url, method }));
      const missing = METHODS.filter((method) => !allowed.includes(method));
      if (missing.length === 0) continue;
      const refuse: onRequestHookHandler = (_request, _reply, done) => done(new MethodNotAllowed(allowed));
      fastify.route({ method: missing, url, onRequest: refuse, handler: () => undefined });
    }
  }
}
