/** The OpenAPI document of this API, for the API itself and for `openapi`, which prints it. */
import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import {
  FreshProofRequired,
  NotSignedIn,
  PermissionRequired,
  SessionRequired,
  SuperuserOnly,
} from './auth/auth.errors.js';
import { settingsOf } from './platform/config/settings.js';
import { writeDocument } from './platform/docs/document.js';
import { HttpConfig } from './platform/http/http.config.js';

const PREFIX = '/api/v1';

/** Gives the routes their prefix too. */
export function documentOf(app: INestApplication): OpenAPIObject {
  app.setGlobalPrefix(PREFIX);
  const loginPath = settingsOf(HttpConfig).publicPath(`${PREFIX}/auth/login`);
  return writeDocument(app, {
    loginPath,
    notSignedIn: NotSignedIn,
    superuserOnly: SuperuserOnly,
    permissionRequired: PermissionRequired,
    sessionRequired: SessionRequired,
    freshProofRequired: FreshProofRequired,
  });
}
