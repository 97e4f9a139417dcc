import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { AppConfig } from '../config/app.config.js';
import { settingsOf } from '../config/settings.js';
import { HttpConfig } from '../http/http.config.js';
import { DOCS_ACCESS, type DocsAccess } from './docs-access.js';
import { letPagesRun, restrictPages } from './browser-pages.js';

const DOCS_PATH = /^\/(docs|redoc|openapi\.json)(\/|$)/;
const REDOC_BUNDLE = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js');

/**
 * Serves Swagger UI at /docs, ReDoc at /redoc and the document at /openapi.json: to everyone in local, where / leads to
 * /docs, and to superusers in staging. Don't call it in production, where their paths are to answer like any unknown one.
 */
export function serveDocs(app: NestFastifyApplication, document: OpenAPIObject): void {
  const config = app.get(AppConfig);
  const fastify = app.getHttpAdapter().getInstance();
  letPagesRun(fastify, DOCS_PATH);
  if (config.ENVIRONMENT === 'staging') {
    restrictPages(fastify, DOCS_PATH, app.get<DocsAccess>(DOCS_ACCESS, { strict: false }));
  }
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: config.APP_NAME,
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true },
  });
  serveRedoc(fastify, config.APP_NAME);
  if (config.ENVIRONMENT === 'local') leadToDocs(fastify);
}

/** Gives the address that `npm start` prints a page. */
function leadToDocs(fastify: FastifyInstance): void {
  const docs = settingsOf(HttpConfig).publicPath('/docs');
  fastify.get('/', (_, reply) => reply.redirect(docs));
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
