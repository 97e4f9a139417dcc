/** Writes the OpenAPI document: what the routes declare, and every status that follows from their guards and inputs. */
import { type INestApplication, RequestMethod } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiParam,
  ApiResponse,
  ApiSecurity,
  DocumentBuilder,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';
import { AppConfig } from '../config/app.config.js';
import { settingsOf } from '../config/settings.js';
import { HttpConfig } from '../http/http.config.js';
import { Problem } from '../http/problems/problem.js';
import { isConditional } from './conditional-requests.js';
import { problemResponses, type SignInDocs } from './route-problems.js';
import { methodOf, pathParameters, type Route, routesOf } from './routes.js';

const SEEN = 'The entity tag of a GET of this path: nothing is changed if it is no longer current';

export function writeDocument(app: INestApplication, signIn: SignInDocs): OpenAPIObject {
  for (const route of routesOf(app)) documentRoute(route, signIn);
  return SwaggerModule.createDocument(app, outline(app.get(AppConfig), signIn), {
    extraModels: [Problem],
    operationIdFactory: (controller, method) => `${controller.replace('Controller', '')}_${method}`,
  });
}

function documentRoute(route: Route, signIn: SignInDocs): void {
  const decorators: MethodDecorator[] = pathParameters(route).map((parameter) => ApiParam(parameter));
  if (route.access !== 'public') decorators.push(ApiSecurity('login'), ApiSecurity('bearer'));
  if (isConditional(route)) decorators.push(ApiHeader({ name: 'If-Match', required: false, description: SEEN }));
  decorators.push(ApiExtraModels(Problem), ...successes(route), ...problemResponses(route, signIn));
  const { name } = route.handler;
  const prototype = route.controller.prototype as object;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
  for (const decorate of decorators) decorate(prototype, name, descriptor);
}

function successes(route: Route): MethodDecorator[] {
  if (!route.answer) return [];
  const { status = 200, type, produces, headers = {}, summary } = route.answer;
  const isGet = methodOf(route) === RequestMethod.GET;
  const described = Object.entries({ ...headers, ...(isGet && !produces && { ETag: 'The entity tag' }) });
  const headerDocs = Object.fromEntries(
    described.map(([name, description]) => [name, { description, schema: { type: 'string' as const } }]),
  );
  const description = type || produces ? summary : 'Done';
  const content = produces && { [produces]: { schema: { type: 'string' as const } } };
  const success = ApiResponse({ status, description, headers: headerDocs, ...(content ? { content } : { type }) });
  const notModified = ApiResponse({ status: 304, description: 'The entity tag in If-None-Match is still current' });
  return isGet && route.access === 'public' ? [success, notModified] : [success];
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
