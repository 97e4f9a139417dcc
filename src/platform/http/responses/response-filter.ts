import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Schema, selfContained } from './inline-schemas.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** By path, the schema of what a GET of it answers. */
    readSchemas: Map<string, Schema>;
  }
}

/**
 * Has Fastify serialise what routes answer by what they document: faster than without a schema, and what a DTO does not
 * declare is never sent. Call it before routes are registered.
 */
export function serialiseAsDocumented(fastify: FastifyInstance, document: OpenAPIObject): void {
  fastify.decorate('readSchemas', new Map());
  fastify.addHook('onRoute', (route) => {
    const path = route.url.replace(/:(\w+)/g, '{$1}');
    const [method] = [route.method].flat() as [string];
    // The response to a HEAD is cached for a GET.
    const operation = document.paths[path]?.[(method === 'HEAD' ? 'GET' : method).toLowerCase() as 'get'];
    const successes = Object.entries(operation?.responses ?? {}).flatMap(([status, response]) => {
      const schema = (response as { content?: Record<string, { schema?: Schema }> }).content?.['application/json']
        ?.schema;
      return schema && status.startsWith('2') ? [[status, selfContained(schema, document)] as const] : [];
    });
    const read = successes.find(([status]) => status === '200');
    if (method === 'GET' && read) fastify.readSchemas.set(route.url, read[1]);
    if (successes.length > 0) route.schema = { ...route.schema, response: Object.fromEntries(successes) };
  });
}

/** The bytes that a GET of the path of this request answers a resource with. */
export function serialiseAsRead(request: FastifyRequest, reply: FastifyReply, resource: object): string {
  const schema = request.server.readSchemas.get(request.routeOptions.url!);
  return schema ? reply.serializeInput(resource as Record<string, unknown>, schema) : JSON.stringify(resource);
}
