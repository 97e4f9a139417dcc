/** What Nest keeps about the handlers of controllers. */
import type { INestApplication, RequestMethod, Type } from '@nestjs/common';
import { GUARDS_METADATA, METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ACCESS, type Access } from '../http/access/access.js';
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
  answer: Answer | undefined;
}

// How Nest keys the arguments of a handler: "<RouteParamtypes>:<index>".
const BODY_ARGUMENT = /^3:/;
const QUERY_ARGUMENT = /^4:/;

/** Every handler that answers a request. */
export function routesOf(app: INestApplication): Route[] {
  const scanner = new MetadataScanner();
  return app
    .get(DiscoveryService, { strict: false })
    .getControllers()
    .flatMap(({ metatype, instance }) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, Route['handler']>;
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
    answer: metadata<Answer>(ANSWERS, handler),
  };
}

export function methodOf({ handler }: Route): RequestMethod {
  return metadata<RequestMethod>(METHOD_METADATA, handler)!;
}

export const takesBody = (route: Route) => take(route, BODY_ARGUMENT) !== undefined;
export const takesQuery = (route: Route) => take(route, QUERY_ARGUMENT) !== undefined;

/** Whether a route answers one page of a list. */
export function isPage(route: Route): boolean {
  const query = take(route, QUERY_ARGUMENT);
  return query !== undefined && paramTypes(route)[query.index]?.prototype instanceof PageQuery;
}

/** The names of the parameters of the path, each an integer where the handler takes it as a number, else a text. */
export function pathParameters(route: Route): { name: string; type: 'integer' | 'string' }[] {
  const path = `${metadata<string>(PATH_METADATA, route.controller)}/${metadata<string>(PATH_METADATA, route.handler)}`;
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => {
    const taken = Object.values(argumentsOf(route)).find(({ data }) => data === name);
    const isNumber = taken && (paramTypes(route)[taken.index] as unknown) === Number;
    return { name: name!, type: isNumber ? 'integer' : 'string' };
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
