/** Who may call a route: signed-in users unless the route says otherwise. The guard that enforces it is in `auth`. */
import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { WithFacts } from './route-facts.js';

export type Access = 'public' | 'superuser';

/** The signed-in caller as it is now in the database. */
export interface Caller {
  id: number;
  username: string;
  is_superuser: boolean;
}

export const ACCESS = 'access';

/** Opens a route to everyone: what it answers does not depend on who asks. */
export const Public = () =>
  applyDecorators(SetMetadata(ACCESS, 'public' satisfies Access), WithFacts({ isPublic: true }));

/** Restricts a route or a controller to superusers. */
export const Superuser = () => SetMetadata(ACCESS, 'superuser' satisfies Access);

/** Hands the caller to a parameter of a route that is not public. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<SignedInRequest>().user,
);

export type SignedInRequest = FastifyRequest & { user: Caller };
