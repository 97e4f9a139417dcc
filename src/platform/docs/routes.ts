/** What Nest keeps about the handlers of controllers. */
import type { INestApplication, RequestMethod, Type } from '@nestjs/common';
import { GUARDS_METADATA, METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import {
  ACCESS,
  type Access,
  type FreshProof,
  NEEDS_FRESH_PROOF,
  NEEDS_SESSION,
  OPEN_TO_RESTRICTED,
  OPENS_SESSIONS,
  OR_HOLDER,
} from '../http/access/access.js';
import { isPermission, type Permission } from '../http/access/permissions.js';
import type { Mark, RouteMetadata } from '../http/access/route-metadata.js';
import { PageQuery } from '../http/lists/pagination.js';
import { type Answer, ANSWERS, type ProblemClass } from '../http/responses/response-docs.js';

export interface Argument {
  index: number;
  data?: unknown;
  factory?: unknown;
}

export interface Route {
  controller: Type;
  handler: (...args: unknown[]) => unknown;
  access: Access | undefined;
  /** Whoever holds it may call the route as well as its owner. */
  orHolder: Permission | undefined;
  /** Always, or when a field is sent. */
  needsSession: Mark | undefined;
  freshProof: FreshProof | undefined;
  opensSessions: boolean;
  /** To what restrictions of accounts it is open: to all by true. */
  openToRestricted: ProblemClass[] | true | undefined;
  answer: Answer | undefined;
}

const ID = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;
const TEXT = { type: 'string' } as const;

// How Nest keys the arguments of a handler: "<RouteParamtypes>:<index>".
const BODY_ARGUMENT = /^3:/;
const QUERY_ARGUMENT = /^4:/;
const HEADER_ARGUMENT = /^6:/;

/** Every handler that answers a request. */
export function routesOf(app: INestApplication): Route[] {
  const scanner = new MetadataScanner();
  return [...app.get(ModulesContainer).values()]
    .flatMap(({ controllers }) => [...controllers.values()])
    .flatMap(({ metatype }) => {
      const prototype = metatype!.prototype as Record<string, Route['handler']>;
      const handlers = scanner.getAllMethodNames(prototype).map((name) => prototype[name]!);
      return handlers
        .filter((handler) => Reflect.hasMetadata(METHOD_METADATA, handler))
        .map((handler) => routeOf(metatype as Type, handler));
    });
}

function routeOf(controller: Type, handler: Route['handler']): Route {
  return {
    controller,
    handler,
    access: metadata<Access>(ACCESS, handler) ?? metadata<Access>(ACCESS, controller),
    orHolder: metadata<Permission>(OR_HOLDER, handler) ?? metadata<Permission>(OR_HOLDER, controller),
    needsSession: metadata<Mark>(NEEDS_SESSION, handler) ?? metadata<Mark>(NEEDS_SESSION, controller),
    freshProof: metadata<FreshProof>(NEEDS_FRESH_PROOF, handler) ?? metadata<FreshProof>(NEEDS_FRESH_PROOF, controller),
    opensSessions: metadata<true>(OPENS_SESSIONS, handler) === true,
    openToRestricted:
      metadata<ProblemClass[] | true>(OPEN_TO_RESTRICTED, handler) ??
      metadata<ProblemClass[] | true>(OPEN_TO_RESTRICTED, controller),
    answer: metadata<Answer>(ANSWERS, handler),
  };
}

/** The permission that opens a route, to whoever holds it. Throws for one that no domain has declared. */
export function permissionOf({ access, orHolder, controller, handler }: Route): Permission | undefined {
  const name: string | undefined = typeof access === 'object' ? access.permission : orHolder;
  if (name === undefined || isPermission(name)) return name;
  throw new Error(`${controller.name}.${handler.name} asks for a permission that no domain declares: ${name}`);
}

export function methodOf({ handler }: Route): RequestMethod {
  return metadata<RequestMethod>(METHOD_METADATA, handler)!;
}

export const takesBody = (route: Route) => take(route, BODY_ARGUMENT) !== undefined;
/** The file that a route takes as its body. */
export const fileOf = ({ handler }: Route) => metadata<RouteMetadata>(FASTIFY_ROUTE_CONFIG_METADATA, handler)?.file;
export const takesQuery = (route: Route) => take(route, QUERY_ARGUMENT) !== undefined;

/** The headers that the handler of a route looks at, if they are there. */
export function headersOf(route: Route): string[] {
  const taken = Object.entries(argumentsOf(route)).filter(([key]) => HEADER_ARGUMENT.test(key));
  return taken.map(([, { data }]) => String(data));
}

/** Whether a route answers one page of a list. */
export function isPage(route: Route): boolean {
  const query = take(route, QUERY_ARGUMENT);
  return query !== undefined && paramTypes(route)[query.index]?.prototype instanceof PageQuery;
}

/** The parameters of the path, each an id where the handler takes it as a number, else a text. */
export function pathParameters(route: Route): { name: string; schema: typeof ID | typeof TEXT }[] {
  const path = `${metadata<string>(PATH_METADATA, route.controller)}/${metadata<string>(PATH_METADATA, route.handler)}`;
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => {
    const taken = Object.values(argumentsOf(route)).find(({ data }) => data === name);
    const isNumber = taken && (paramTypes(route)[taken.index] as unknown) === Number;
    return { name: name!, schema: isNumber ? ID : TEXT };
  });
}

/** By `RouteParamtypes` and index. */
export function argumentsOf({ controller, handler }: Route): Record<string, Argument> {
  return (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) ?? {}) as Record<string, Argument>;
}

/** What the guards of a route may throw. */
export function guardProblems({ controller, handler }: Route): ProblemClass[] {
  const guards = [controller, handler].flatMap((owner) => metadata<Type[]>(GUARDS_METADATA, owner) ?? []);
  return guards.flatMap((guard) => metadata<ProblemClass[]>(ANSWERS, guard) ?? []);
}

function take(route: Route, argument: RegExp): Argument | undefined {
  return Object.entries(argumentsOf(route)).find(([key]) => argument.test(key))?.[1];
}

function paramTypes({ controller, handler }: Route): Type[] {
  return Reflect.getMetadata('design:paramtypes', controller.prototype as object, handler.name) as Type[];
}

function metadata<T>(key: string, target: object): T | undefined {
  return Reflect.getMetadata(key, target) as T | undefined;
}
