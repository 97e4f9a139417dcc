import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';

/** What Fastify's own hooks know about a route, before Nest comes into play. */
export interface RouteMetadata {
  isPublic?: boolean;
  acceptsForm?: boolean;
  body?: { bytes?: number; nodes?: number };
}

declare module 'fastify' {
  interface FastifyContextConfig extends RouteMetadata {}
}

/** Adds facts to a route's config; several decorators may each add theirs. */
export function WithFacts(facts: RouteMetadata): MethodDecorator {
  return (target, key, descriptor) => {
    const known = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, descriptor.value as object) as RouteMetadata;
    RouteConfig({ ...known, ...facts })(target, key as string, descriptor as PropertyDescriptor);
  };
}
