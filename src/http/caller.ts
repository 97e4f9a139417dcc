import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who is signed in: the session that the request belongs to, and the account as it is now in the database. */
export interface Caller {
  session_id: number;
  id: number;
  name: string;
  username: string;
  email: string;
  profile_image_url: string;
  is_superuser: boolean;
  created_at: Date;
}

interface TokenFacts {
  /** When the access token of the request expires: milliseconds since 1970. */
  accessUntil?: number;
}

export type SignedInRequest = FastifyRequest & TokenFacts & { user: Caller };

/** A request that may come from anyone. */
export type AnyRequest = FastifyRequest & TokenFacts & { user?: Caller | null };

/** Hands the caller to a parameter of a route that is not public. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<SignedInRequest>().user,
);
