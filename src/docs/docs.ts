import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { parse, serialize } from 'cookie';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance, onRequestAsyncHookHandler, onSendHookHandler } from 'fastify';
import { AppConfig } from '../config/app.config.js';
import { clientOf } from '../http/client.js';
import { DOCS_ACCESS, type DocsAccess, type DocsPass } from './docs-access.js';
import { type SignInDocs, writeDocument } from './document.js';

const DOCS_PATHS = ['/docs', '/redoc', '/openapi.json'];
const DOCS_PATH = /^\/(docs|redoc|openapi\.json)(\/|$)/;
const PASS_COOKIE = '__Secure-docs';
// Browsers ask for name and password; programs may send a token. Chromium takes a whole header for one challenge.
const CHALLENGES = ['Basic realm="docs", charset="UTF-8"', 'Bearer'];
const REDOC_BUNDLE = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js');

// Swagger UI and ReDoc style inline and draw icons from data. Nothing may come from another host, ReDoc's logo included.
const PAGE_POLICY = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  'worker-src blob:',
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves Swagger UI at /docs, ReDoc at /redoc and the document at /openapi.json: to everyone in local, to superusers in
 * staging. In production they do not exist, so their paths answer like any unknown one.
 */
export function serveDocs(app: NestFastifyApplication, signIn: SignInDocs): void {
  const config = app.get(AppConfig);
  if (config.ENVIRONMENT === 'production') return;
  const fastify = app.getHttpAdapter().getInstance();
  letPagesRun(fastify);
  if (config.ENVIRONMENT === 'staging') restrict(fastify, app.get<DocsAccess>(DOCS_ACCESS, { strict: false }));
  let document: OpenAPIObject | undefined;
  const write = () => (document ??= writeDocument(app, signIn));
  SwaggerModule.setup('docs', app, write, {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: config.APP_NAME,
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true },
  });
  serveRedoc(fastify, config.APP_NAME);
}

/** The pages may run their own scripts, which nothing else of the API may. */
function letPagesRun(fastify: FastifyInstance): void {
  eachDocsRoute(fastify, {
    onSend: (_request, reply, payload, done) => {
      reply.header('content-security-policy', PAGE_POLICY);
      done(null, payload);
    },
  });
}

function restrict(fastify: FastifyInstance, access: DocsAccess): void {
  eachDocsRoute(fastify, {
    onRequest: async (request, reply) => {
      reply.header('www-authenticate', CHALLENGES);
      const { authorization, cookie = '' } = request.headers;
      const pass = await access.admit({
        authorization,
        pass: parse(cookie)[PASS_COOKIE],
        client: clientOf(request),
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
  return DOCS_PATHS.map((path) =>
    serialize(PASS_COOKIE, value, { path, expires, httpOnly: true, secure: true, sameSite: 'lax' }),
  );
}

/** Adds hooks to the docs routes that are registered from now on. */
function eachDocsRoute(
  fastify: FastifyInstance,
  { onRequest, onSend }: { onRequest?: onRequestAsyncHookHandler; onSend: onSendHookHandler },
): void {
  fastify.addHook('onRoute', (route) => {
    if (!DOCS_PATH.test(route.url)) return;
    if (onRequest) route.onRequest = [onRequest, ...[route.onRequest ?? []].flat()];
    route.onSend = [onSend, ...[route.onSend ?? []].flat()];
  });
}

function serveRedoc(fastify: FastifyInstance, title: string): void {
  fastify.get('/redoc', (_, reply) => reply.type('text/html').send(redocPage(title)));
  void fastify.register(fastifyStatic, {
    root: dirname(REDOC_BUNDLE),
    prefix: '/redoc/',
    decorateReply: false,
    wildcard: false,
    globIgnore: ['**/!(redoc.standalone.js)'],
  });
}

function redocPage(title: string): string {
  const text = title.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${text}</title>
    <link rel="icon" href="data:," />
    <style>body { margin: 0 }</style>
  </head>
  <body>
    <redoc spec-url="/openapi.json"></redoc>
    <script src="/redoc/redoc.standalone.js"></script>
  </body>
</html>
`;
}
