import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Permission, permissions } from './permissions.js';

/**
 * Who is signed in: the session that the request belongs to, and the account as it is now in the database. The domain of
 * accounts adds its fields.
 */
export interface Caller {
  session_id: number;
  id: number;
  is_superuser: boolean;
  /** What they hold besides what superusers hold by themselves. Ask `holds`. */
  permissions: ReadonlySet<Permission>;
}

/** Whether a caller may do what the permission allows. Superusers hold every permission. */
export function holds(caller: Pick<Caller, 'is_superuser' | 'permissions'>, permission: Permission): boolean {
  return caller.is_superuser || caller.permissions.has(permission);
}

/** The names of all permissions that a caller holds, in order. */
export function heldBy(caller: Caller): Permission[] {
  return permissions().flatMap(({ name }) => (holds(caller, name) ? [name] : []));
}

/** By what a request may do what not everyone may: a permission, or else being a superuser. */
export interface Right {
  permission?: Permission;
}

interface TokenFacts {
  /** When the access token of the request expires: milliseconds since 1970. */
  accessUntil?: number;
  /** What it does is audited as done by this right. */
  right?: Right;
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
