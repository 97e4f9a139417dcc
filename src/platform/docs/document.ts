/** Writes the OpenAPI document: what the routes declare, and every status that follows from their guards and inputs. */
import { STATUS_CODES } from 'node:http';
import { type HttpException, type INestApplication, RequestMethod, type Type } from '@nestjs/common';
import { GUARDS_METADATA, METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import {
  ApiExtraModels,
  ApiHeader,
  ApiParam,
  ApiResponse,
  ApiSecurity,
  DocumentBuilder,
  getSchemaPath,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';
import { isPrecondition } from '../http/caching/preconditions.js';
import { AppConfig } from '../config/app.config.js';
import { settingsOf } from '../config/settings.js';
import { ACCESS, type Access } from '../http/access/access.js';
import { PageTooLarge, TooManyLargePages } from '../database/crud/pages.errors.js';
import { type Answer, ANSWERS, type ProblemClass } from '../http/responses/answers.js';
import { HttpConfig } from '../http/http.config.js';
import {
  BodyTooComplex,
  BodyTooLarge,
  DatabaseUnavailable,
  MalformedRequest,
  StaleEntityTag,
  TooManyRequests,
  UnsupportedContentEncoding,
  UnsupportedMediaType,
  ValidationFailed,
} from '../http/problems/http.errors.js';
import { PageQuery } from '../http/lists/pagination.js';
import { Problem, PROBLEM_JSON } from '../http/problems/problem.js';
import { SendingTooMuch, TooMuchUnread } from '../limits/bytes/sending.errors.js';

/** What the docs need to know of the domain that signs users in. */
export interface SignInDocs {
  loginPath: string;
  notSignedIn: ProblemClass;
  superuserOnly: ProblemClass;
}

interface Argument {
  index: number;
  data?: unknown;
  factory?: unknown;
}

interface Route {
  controller: Type;
  handler: (...args: unknown[]) => unknown;
  access: Access | undefined;
  answer: Answer | undefined;
}

// How Nest keys the arguments of a handler: "<RouteParamtypes>:<index>".
const BODY_ARGUMENT = /^3:/;
const QUERY_ARGUMENT = /^4:/;

const BODY_PROBLEMS = [
  MalformedRequest,
  BodyTooComplex,
  BodyTooLarge,
  UnsupportedMediaType,
  UnsupportedContentEncoding,
  ValidationFailed,
];

const SEEN = 'The entity tag of a GET of this path: nothing is changed if it is no longer current';

export function writeDocument(app: INestApplication, signIn: SignInDocs): OpenAPIObject {
  for (const route of routesOf(app)) documentRoute(route, signIn);
  return SwaggerModule.createDocument(app, outline(app.get(AppConfig), signIn), {
    extraModels: [Problem],
    operationIdFactory: (controller, method) => `${controller.replace('Controller', '')}_${method}`,
  });
}

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

function documentRoute(route: Route, signIn: SignInDocs): void {
  const decorators: MethodDecorator[] = pathParameters(route).map((name) =>
    ApiParam({ name, type: typeOf(route, name) }),
  );
  if (route.access !== 'public') decorators.push(ApiSecurity('login'), ApiSecurity('bearer'));
  if (isConditional(route)) decorators.push(ApiHeader({ name: 'If-Match', required: false, description: SEEN }));
  decorators.push(ApiExtraModels(Problem), ...successes(route), ...problems(route, signIn));
  const { name } = route.handler;
  const prototype = route.controller.prototype as object;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
  for (const decorate of decorators) decorate(prototype, name, descriptor);
}

function successes({ answer, access, handler }: Route): MethodDecorator[] {
  if (!answer) return [];
  const { status = 200, type, produces, headers = {}, summary } = answer;
  const isGet = metadata(METHOD_METADATA, handler) === RequestMethod.GET;
  const described = Object.entries({ ...headers, ...(isGet && !produces && { ETag: 'The entity tag' }) });
  const headerDocs = Object.fromEntries(
    described.map(([name, description]) => [name, { description, schema: { type: 'string' as const } }]),
  );
  const description = type || produces ? summary : 'Done';
  const content = produces && { [produces]: { schema: { type: 'string' as const } } };
  const success = ApiResponse({ status, description, headers: headerDocs, ...(content ? { content } : { type }) });
  const notModified = ApiResponse({ status: 304, description: 'The entity tag in If-None-Match is still current' });
  return isGet && access === 'public' ? [success, notModified] : [success];
}

function problems(route: Route, signIn: SignInDocs): MethodDecorator[] {
  const classes = new Set<ProblemClass>([
    DatabaseUnavailable,
    TooManyRequests,
    ...(route.answer?.problems ?? []),
    ...guardProblems(route),
  ]);
  if (route.access !== 'public') classes.add(signIn.notSignedIn);
  if (route.access === 'superuser') classes.add(signIn.superuserOnly);
  if (isConditional(route)) classes.add(StaleEntityTag);
  if (takes(route, QUERY_ARGUMENT)) classes.add(ValidationFailed);
  if (isPage(route))
    for (const problem of [PageTooLarge, TooManyLargePages, TooMuchUnread, SendingTooMuch]) classes.add(problem);
  if (takes(route, BODY_ARGUMENT)) {
    for (const problem of BODY_PROBLEMS) classes.add(problem);
  }
  const byStatus = new Map<number, HttpException[]>();
  for (const error of [...classes].map((problem) => new problem())) {
    byStatus.set(error.getStatus(), [...(byStatus.get(error.getStatus()) ?? []), error]);
  }
  return [...byStatus].map(([status, errors]) => {
    const examples = errors.map((error) => [error.errorCode!, { value: example(status, error) }] as const);
    return ApiResponse({
      status,
      description: errors.map(({ message }) => message).join(' '),
      content: { [PROBLEM_JSON]: { schema: { $ref: getSchemaPath(Problem) }, examples: Object.fromEntries(examples) } },
    });
  });
}

function guardProblems({ controller, handler }: Route): ProblemClass[] {
  const guards = [controller, handler].flatMap((owner) => metadata<Type[]>(GUARDS_METADATA, owner) ?? []);
  return guards.flatMap((guard) => metadata<ProblemClass[]>(ANSWERS, guard) ?? []);
}

function takes({ controller, handler }: Route, argument: RegExp): boolean {
  return Object.keys(argumentsOf(controller, handler)).some((key) => argument.test(key));
}

/** Throws for a PATCH or DELETE route without preconditions. */
function isConditional({ controller, handler }: Route): boolean {
  const takesCondition = Object.values(argumentsOf(controller, handler)).some(isPrecondition);
  const method = metadata<RequestMethod>(METHOD_METADATA, handler);
  if (!takesCondition && (method === RequestMethod.PATCH || method === RequestMethod.DELETE)) {
    throw new Error(`${controller.name}.${handler.name} has to take @IfMatch(), as every PATCH and DELETE does`);
  }
  return takesCondition;
}

/** Whether a route answers one page of a list. */
function isPage({ controller, handler }: Route): boolean {
  const query = Object.entries(argumentsOf(controller, handler)).find(([key]) => QUERY_ARGUMENT.test(key))?.[1];
  return query !== undefined && paramTypes(controller, handler)[query.index]?.prototype instanceof PageQuery;
}

function paramTypes(controller: Type, { name }: Route['handler']): Type[] {
  return Reflect.getMetadata('design:paramtypes', controller.prototype as object, name) as Type[];
}

function pathParameters({ controller, handler }: Route): string[] {
  const path = `${metadata<string>(PATH_METADATA, controller)}/${metadata<string>(PATH_METADATA, handler)}`;
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
}

/** An integer where the handler takes the parameter as a number, else a text. */
function typeOf({ controller, handler }: Route, parameter: string): 'integer' | 'string' {
  const taken = Object.values(argumentsOf(controller, handler)).find(({ data }) => data === parameter);
  return taken && (paramTypes(controller, handler)[taken.index] as unknown) === Number ? 'integer' : 'string';
}

function argumentsOf(controller: Type, handler: Route['handler']): Record<string, Argument> {
  return (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) ?? {}) as ReturnType<typeof argumentsOf>;
}

function example(status: number, error: { message: string; errorCode?: string }): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status]!,
    status,
    detail: error.message,
    instance: '/api/v1/posts/1',
    code: error.errorCode!,
    request_id: '6f1c2a0e-9d0b-4c53-8a35-0f4c6b7f1d2e',
    ...(error instanceof ValidationFailed && {
      errors: [{ field: 'title', message: 'title must be a text of 2 to 30 characters' }],
    }),
    ...(error instanceof PageTooLarge && { errors: error.errors }),
  };
}

function outline(app: AppConfig, { loginPath }: SignInDocs) {
  const builder = new DocumentBuilder()
    .setTitle(app.APP_NAME)
    .setDescription(app.APP_DESCRIPTION)
    .setVersion(app.APP_VERSION)
    .setLicense(app.LICENSE_NAME, '')
    .addOAuth2({ type: 'oauth2', flows: { password: { tokenUrl: loginPath, scopes: {} } } }, 'login')
    .addBearerAuth(undefined, 'bearer');
  const { PUBLIC_PATH } = settingsOf(HttpConfig);
  if (PUBLIC_PATH) builder.addServer(PUBLIC_PATH);
  if (app.CONTACT_NAME || app.CONTACT_EMAIL) builder.setContact(app.CONTACT_NAME ?? '', '', app.CONTACT_EMAIL ?? '');
  return builder.build();
}

function metadata<T>(key: string, target: object): T | undefined {
  return Reflect.getMetadata(key, target) as T | undefined;
}
