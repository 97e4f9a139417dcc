/** Writes the OpenAPI document: what the routes declare, and every status that follows from their guards and inputs. */
import { type INestApplication, RequestMethod } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiExtension,
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
import { AppConfig } from '../config/app.config.js';
import { settingsOf } from '../config/settings.js';
import { accessKeys } from '../http/access/access-keys.js';
import { HttpConfig } from '../http/http.config.js';
import { Problem } from '../http/problems/problem.js';
import { isConditional } from './conditional-requests.js';
import { isIdempotent, KEY_HEADER, REPLAYED } from './idempotent-requests.js';
import { problemResponses, type SignInDocs } from './route-problems.js';
import { MULTIPART } from '../http/requests/media-types.js';
import { FILE, FORM_OF_FILE } from './files.js';
import { fileOf, headersOf, methodOf, pathParameters, permissionOf, type Route, routesOf } from './routes.js';
import { eventModels } from './sent-events.js';
import { taskModels } from './tasks-apart.js';

// Of https://spdx.org/licenses those that programs often have; any other is one of the project.
const SPDX_LICENCES = new Set(
  `0BSD AGPL-3.0-only AGPL-3.0-or-later Apache-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 EPL-2.0 EUPL-1.2 GPL-2.0-only
   GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later ISC LGPL-3.0-only LGPL-3.0-or-later MIT MIT-0 MPL-2.0 Unlicense
   Zlib`.split(/\s+/),
);
const SEEN = 'The entity tag of a GET of this path: nothing is changed if it is no longer current';

export function writeDocument(app: INestApplication, signIn: SignInDocs): OpenAPIObject {
  for (const route of routesOf(app)) documentRoute(route, signIn);
  return SwaggerModule.createDocument(app, outline(settingsOf(AppConfig), signIn), {
    extraModels: [Problem, ...taskModels(), ...eventModels()],
  });
}

function documentRoute(route: Route, signIn: SignInDocs): void {
  const decorators: MethodDecorator[] = pathParameters(route).map((parameter) => ApiParam(parameter));
  if (route.access !== 'public') decorators.push(...schemesOf(route).map((scheme) => ApiSecurity(scheme)));
  const permission = permissionOf(route);
  if (permission) decorators.push(ApiExtension('x-permission', permission));
  if (route.freshProof) decorators.push(ApiExtension('x-fresh-proof', route.freshProof));
  decorators.push(...headersOf(route).map((name) => ApiHeader({ name, required: false })));
  if (isIdempotent(route)) decorators.push(ApiHeader(KEY_HEADER));
  if (isConditional(route)) decorators.push(ApiHeader({ name: 'If-Match', required: false, description: SEEN }));
  const file = fileOf(route);
  if (file) decorators.push(ApiConsumes(MULTIPART, file.mediaType), ApiBody({ required: true, schema: FORM_OF_FILE }));
  decorators.push(ApiExtraModels(Problem), ...successes(route), ...problemResponses(route, signIn));
  const { name } = route.handler;
  const prototype = route.controller.prototype as object;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
  for (const decorate of decorators) decorate(prototype, name, descriptor);
}

/** By what a caller may be let in. */
function schemesOf({ needsSession }: Route): string[] {
  const kinds = needsSession === true ? [] : accessKeys().map(({ kind }) => kind);
  return ['login', 'bearer', ...kinds];
}

function successes(route: Route): MethodDecorator[] {
  if (!route.answer) return [];
  const { status = 200, type, streams, file, headers = {}, summary } = route.answer;
  const isGet = methodOf(route) === RequestMethod.GET && status === 200;
  const described = Object.entries({
    ...headers,
    ...(isGet && !streams && { ETag: 'The entity tag' }),
    ...(isIdempotent(route) && REPLAYED),
  });
  const headerDocs = Object.fromEntries(
    described.map(([name, description]) => [name, { description, schema: { type: 'string' as const } }]),
  );
  const description = type || streams || file ? summary : 'Done';
  const streamed = streams?.type();
  const schema = streamed ? { $ref: getSchemaPath(streamed) } : FILE;
  const mediaType = streams?.mediaType ?? file;
  const content = mediaType && { [mediaType]: { schema } };
  const success = ApiResponse({ status, description, headers: headerDocs, ...(content ? { content } : { type }) });
  const notModified = ApiResponse({ status: 304, description: 'The entity tag in If-None-Match is still current' });
  const models = ApiExtraModels(...(streamed ? [streamed] : []));
  return isGet && route.access === 'public' ? [success, models, notModified] : [success, models];
}

function outline(app: AppConfig, { loginPath }: SignInDocs) {
  const builder = new DocumentBuilder()
    .setTitle(app.APP_NAME)
    .setDescription(app.APP_DESCRIPTION)
    .setVersion(app.APP_VERSION)
    .addOAuth2({ type: 'oauth2', flows: { password: { tokenUrl: loginPath, scopes: {} } } }, 'login')
    .addBearerAuth(undefined, 'bearer');
  for (const { kind, header: name, description } of accessKeys())
    builder.addApiKey({ type: 'apiKey', in: 'header', name, description }, kind);
  const { PUBLIC_PATH } = settingsOf(HttpConfig);
  if (PUBLIC_PATH) builder.addServer(PUBLIC_PATH);
  const outlined = builder.build();
  return { ...outlined, info: { ...outlined.info, contact: contactOf(app), license: licenceOf(app) } };
}

function contactOf({ CONTACT_NAME: name, CONTACT_EMAIL: email }: AppConfig) {
  return name || email ? { ...(name && { name }), ...(email && { email }) } : undefined;
}

/** Some generators refuse one without an identifier; SPDX has a way to name any other than its own. */
function licenceOf({ LICENSE_NAME: name }: AppConfig) {
  const own = `LicenseRef-${name.replace(/[^A-Za-z\d.]+/g, '-')}`;
  return { name, identifier: SPDX_LICENCES.has(name) ? name : own };
}
