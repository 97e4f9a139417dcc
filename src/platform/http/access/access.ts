/** Who may call a route: signed-in users unless the route says otherwise. The guard that enforces it is in `auth`. */
import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { AuditInterceptor } from './audit.interceptor.js';
import { routeMetadata, WithFacts } from './route-metadata.js';

export type Access = 'public' | 'superuser';

export const ACCESS = 'access';

/** Who may call the route; undefined is whoever has signed in. */
export const accessTo = routeMetadata<Access>(ACCESS);

/** Opens a route to everyone: its response does not depend on the caller. */
export const Public = () =>
  applyDecorators(SetMetadata(ACCESS, 'public' satisfies Access), WithFacts({ isPublic: true }));

/** Restricts a route or a controller to superusers; what they change is audited. */
export const Superuser = () =>
  applyDecorators(SetMetadata(ACCESS, 'superuser' satisfies Access), UseInterceptors(AuditInterceptor));
