/** Pages for people with a browser, which Nest's guards do not cover. */
import { parse, serialize } from 'cookie';
import type { FastifyInstance, onRequestAsyncHookHandler, onSendHookHandler } from 'fastify';
import { settingsOf } from '../config/settings.js';
import { clientOf } from '../http/requests/client-info.js';
import { HttpConfig } from '../http/http.config.js';
import type { DocsAccess, DocsPass } from './docs-access.js';

const PAGES = ['/docs', '/redoc', '/openapi.json', '/admin/queues'];
const PASS_COOKIE = '__Secure-docs';
// Browsers ask for name and password; programs may send a token. Chromium takes a whole header for one challenge.
const CHALLENGES = ['Basic realm="docs", charset="UTF-8"', 'Bearer'];

/** Whether a page may say what its relative addresses are relative to. */
type Base = 'none' | 'self';

// They style inline and draw icons from data. Nothing may come from another host: no logo, no font.
const policyOf = (base: Base) =>
  [
    "default-src 'self'",
    "object-src 'none'",
    `base-uri '${base}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    'worker-src blob:',
    "frame-ancestors 'none'",
  ].join('; ');

/** The pages below these paths may run their own scripts, which nothing else of the API may. */
export function letPagesRun(fastify: FastifyInstance, paths: RegExp, base: Base = 'none'): void {
  const policy = policyOf(base);
  eachRoute(fastify, paths, {
    onSend: (_request, reply, payload, done) => {
      reply.header('content-security-policy', policy);
      done(null, payload);
    },
  });
}

/** The pages below these paths are for superusers: browsers ask for name and password, programs may send a token. */
export function restrictPages(fastify: FastifyInstance, paths: RegExp, access: DocsAccess): void {
  eachRoute(fastify, paths, {
    onRequest: async (request, reply) => {
      const { unguarded } = request.server;
      unguarded.count(request, reply);
      reply.header('www-authenticate', CHALLENGES);
      const { authorization, cookie = '' } = request.headers;
      const client = clientOf(request);
      const pass = await access.admit({
        authorization,
        pass: parse(cookie)[PASS_COOKIE],
        client,
        countTry: async () => unguarded.countTry('docs', client.address),
      });
      if (pass) reply.header('set-cookie', cookiesOf(pass));
      reply.removeHeader('www-authenticate');
    },
    onSend: (_request, reply, payload, done) => {
      reply.header('cache-control', 'no-store');
      done(null, payload);
    },
  });
}

/** One for each path, as nothing else of the API needs to get it. */
function cookiesOf({ value, expires }: DocsPass): string[] {
  return PAGES.map((path) =>
    serialize(PASS_COOKIE, value, {
      path: settingsOf(HttpConfig).publicPath(path),
      expires,
      httpOnly: true,
      secure: true,
      sameSite: 'lax',
    }),
  );
}

/** Adds hooks to the routes below these paths that are registered from now on. */
function eachRoute(
  fastify: FastifyInstance,
  paths: RegExp,
  { onRequest, onSend }: { onRequest?: onRequestAsyncHookHandler; onSend: onSendHookHandler },
): void {
  fastify.addHook('onRoute', (route) => {
    if (!paths.test(route.url)) return;
    if (onRequest) route.onRequest = [onRequest, ...[route.onRequest ?? []].flat()];
    route.onSend = [onSend, ...[route.onSend ?? []].flat()];
  });
}
