import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/**
 * Who is signed in: the session that the request belongs to, and the account as it is now in the database. The domain of
 * accounts adds its fields.
 */
export interface Caller {
  session_id: number;
  id: number;
  is_superuser: boolean;
}

interface TokenFacts {
  /** When the access token of the request expires: milliseconds since 1970. */
  accessUntil?: number;
}

export type SignedInRequest = FastifyRequest & TokenFacts & { user: Caller };

/** A device that a user has signed in on before. */
export interface Device {
  user_id: number;
  /** Distinguishes it from other devices of that user. */
  id: string;
}

/** A request that may come from anyone, with its known device if the route asks for that, and its trace if there is one. */
export type AnyRequest = FastifyRequest & TokenFacts & { user?: Caller | null; devices?: Device[]; trace_id?: string };

/** Hands the device, as each user knows it who has signed in there, to a parameter of a public route. */
export const KnownAs = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AnyRequest>().devices ?? [],
);

/** Hands the caller to a parameter of a route that is not public. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<SignedInRequest>().user,
);
