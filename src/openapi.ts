/**
 * Prints the OpenAPI document as it is with the settings there are, and what permissions there are: without a database,
 * and without listening.
 */
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { documentOf } from './api-document.js';
import { AppModule } from './app.module.js';
import { published } from './platform/docs/published.js';
import { permissions } from './platform/http/access/permissions.js';

// Nest looks at what there is, and makes nothing of it.
const app = await NestFactory.create(AppModule, new FastifyAdapter(), { preview: true, logger: false });
process.stdout.write(JSON.stringify({ document: published(documentOf(app)), permissions: permissions() }));
