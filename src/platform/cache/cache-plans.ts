import { type CanActivate, Injectable, type OnModuleInit, RequestMethod, type Type } from '@nestjs/common';
import { GUARDS_METADATA, METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ACCESS, type Access } from '../http/access/access.js';
import { CACHED, type CachedOptions, compileKey, INVALIDATES, placeholdersOf } from './key-template.js';

type Handler = (...args: never[]) => unknown;

/** How a cached read is kept. */
export interface ReadPlan {
  /** Tells routes apart. */
  name: string;
  /** The class of the query, if responses depend on it. */
  query?: Type<object>;
  keysOf: (params: unknown) => string[];
  ttl: number;
  controller: Type;
  handler: Handler;
}

interface Argument {
  index: number;
  /** The name of one parameter, where not all are taken together. */
  data?: unknown;
}

// How Nest keys the query among the arguments of a handler.
const QUERY_ARGUMENT = /^4:/;

/** What `@Cached` and `@Invalidates` say, checked and compiled once when the application starts. */
@Injectable()
export class CachePlans implements OnModuleInit {
  /** The guards that stand before every route, in their order. */
  guards: CanActivate[] = [];
  private readonly reads = new Map<CachedOptions, ReadPlan>();
  private readonly writes = new Map<unknown, (params: unknown) => string[]>();

  constructor(private readonly discovery: DiscoveryService) {}

  /**
   * Throws when a key names a path parameter that its route does not have, or what is cached is not a public GET without
   * guards of its own, or takes single parameters of its query.
   */
  onModuleInit(): void {
    const providers = this.discovery.getProviders();
    this.guards = providers.filter(({ subtype }) => subtype === 'guard').map(({ instance }) => instance as CanActivate);
    for (const { metatype } of this.discovery.getControllers()) {
      if (metatype) this.plan(metatype as Type);
    }
  }

  read(options: CachedOptions): ReadPlan {
    return this.reads.get(options)!;
  }

  write(handler: unknown): (params: unknown) => string[] {
    return this.writes.get(handler)!;
  }

  private plan(controller: Type): void {
    const prototype = controller.prototype as Record<string, Handler>;
    for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
      const handler = prototype[name]!;
      const cached = Reflect.getMetadata(CACHED, handler) as CachedOptions | undefined;
      const invalidated = Reflect.getMetadata(INVALIDATES, handler) as string[] | undefined;
      const where = `${controller.name}.${name}`;
      if (cached) this.reads.set(cached, readPlan(cached, controller, handler, where));
      if (invalidated) this.writes.set(handler, keysPlan(invalidated, controller, handler, where));
    }
  }
}

function readPlan(
  { key, under = [], ttl }: CachedOptions,
  controller: Type,
  handler: Handler,
  where: string,
): ReadPlan {
  const access = (Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, controller)) as Access;
  if (Reflect.getMetadata(METHOD_METADATA, handler) !== RequestMethod.GET || access !== 'public') {
    throw new Error(`${where} is cached, but only a public GET can be`);
  }
  if ([controller, handler].some((owner) => Reflect.hasMetadata(GUARDS_METADATA, owner))) {
    throw new Error(`${where} is cached, but has guards that an answer from the cache would not meet`);
  }
  const query = queryOf(controller, handler, where);
  return {
    name: where,
    query,
    keysOf: keysPlan([key, ...under], controller, handler, where),
    ttl,
    controller,
    handler,
  };
}

function queryOf(controller: Type, { name }: Handler, where: string): Type<object> | undefined {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, Argument>;
  const taken = Object.entries(args).find(([argument]) => QUERY_ARGUMENT.test(argument))?.[1];
  if (!taken) return undefined;
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype as object, name) as Type<object>[];
  const type = types[taken.index]!;
  if (taken.data === undefined && type !== Object) return type;
  throw new Error(`${where} is cached, but does not take its query as one class, which says what is the same query`);
}

function keysPlan(keys: string[], controller: Type, handler: Handler, where: string): (params: unknown) => string[] {
  const path = [controller, handler].map((owner) => Reflect.getMetadata(PATH_METADATA, owner) as string).join('/');
  const known = new Set([...path.matchAll(/:(\w+)/g)].map(([, name]) => name));
  for (const name of keys.flatMap(placeholdersOf)) {
    if (!known.has(name)) throw new Error(`${where} has no path parameter ${name}, which a cache key names`);
  }
  const compiled = keys.map(compileKey);
  return (params) => compiled.map((fill) => fill(params));
}
