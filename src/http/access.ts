/** Who may call a route: signed-in users unless the route says otherwise. The guard that enforces it is in `auth`. */
import { applyDecorators, type ExecutionContext, SetMetadata, UseInterceptors } from '@nestjs/common';
import { AuditInterceptor } from './audit.interceptor.js';
import { WithFacts } from './route-facts.js';

export type Access = 'public' | 'superuser';

export const ACCESS = 'access';

const known = new Map<unknown, Access | undefined>();

/** Who may call the route; undefined is whoever has signed in. */
export function accessTo(context: ExecutionContext): Access | undefined {
  const handler = context.getHandler();
  if (!known.has(handler)) {
    const marked = [handler, context.getClass()].map(
      (owner) => Reflect.getMetadata(ACCESS, owner) as Access | undefined,
    );
    known.set(handler, marked[0] ?? marked[1]);
  }
  return known.get(handler);
}

/** Opens a route to everyone: what it answers does not depend on who asks. */
export const Public = () =>
  applyDecorators(SetMetadata(ACCESS, 'public' satisfies Access), WithFacts({ isPublic: true }));

/** Restricts a route or a controller to superusers; what they change is audited. */
export const Superuser = () =>
  applyDecorators(SetMetadata(ACCESS, 'superuser' satisfies Access), UseInterceptors(AuditInterceptor));
