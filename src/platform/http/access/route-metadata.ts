import type { ExecutionContext, Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';

/** What Fastify's own hooks know about a route, before Nest comes into play. */
export interface RouteMetadata {
  isPublic?: boolean;
  acceptsForm?: boolean;
  /** Asks how the process is: neither logged nor traced, and waits for no other request. */
  isProbe?: boolean;
  body?: { bytes?: number; nodes?: number };
  /** Takes a file, which is of such a media type. */
  file?: { mediaType: string };
  /** What it answers never changes. */
  isImmutable?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig extends RouteMetadata {}
}

/** Reads what a decorator has set for a handler, or else for its controller: once a route, as reflection is slow. */
export function routeMetadata<T>(key: string): (context: ExecutionContext) => T | undefined {
  const known = new Map<Type, Map<unknown, T | undefined>>();
  return (context) => {
    const [owner, handler] = [context.getClass(), context.getHandler()];
    let ofOwner = known.get(owner);
    if (!ofOwner) known.set(owner, (ofOwner = new Map()));
    if (!ofOwner.has(handler)) {
      const own: unknown = Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, owner);
      ofOwner.set(handler, own as T | undefined);
    }
    return ofOwner.get(handler);
  };
}

/** What a decorator marks a route with: always, or only when a request has this field in its body. */
export type Mark = string | true;

/** Reads such a mark: whether it holds for a request. */
export function routeMark(key: string): (context: ExecutionContext) => boolean {
  const markOf = routeMetadata<Mark>(key);
  return (context) => {
    const mark = markOf(context);
    return typeof mark === 'string' ? isSent(mark, context) : mark === true;
  };
}

function isSent(field: string, context: ExecutionContext): boolean {
  const { body } = context.switchToHttp().getRequest<{ body?: unknown }>();
  return typeof body === 'object' && body !== null && Object.hasOwn(body, field);
}

/** Adds facts to a route's config; several decorators may each add theirs. */
export function WithFacts(facts: RouteMetadata): MethodDecorator {
  return (target, key, descriptor) => {
    const known = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, descriptor.value as object) as RouteMetadata;
    RouteConfig({ ...known, ...facts })(target, key as string, descriptor as PropertyDescriptor);
  };
}
