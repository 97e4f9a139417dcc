import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ProblemClass } from '../responses/response-docs.js';
import type { AuditFacts } from '../../runtime/log/audit.js';
import { type Permission, permissions } from './permissions.js';

/**
 * Who calls: the session that the request belongs to, or the access key that has let it in instead, and the account as it
 * is now in the database. The domain of accounts adds its fields.
 */
export interface Caller {
  /** Null for whoever has not signed in, but shown an access key. */
  session_id: number | null;
  access_key?: AccessKeyName;
  id: number;
  is_superuser: boolean;
  /** What they hold besides what superusers hold by themselves. Ask `holds`. */
  permissions: ReadonlySet<Permission>;
  /** What keeps the account from all but a few routes, such as an address that has not been verified. */
  restriction?: ProblemClass;
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

/** Says that a request was let in by an access key, and by which one of that kind. */
export interface AccessKeyName {
  kind: string;
  id: number;
}

/** Who acts, as the audit trail names it: the account with its session, or with its access key as `<kind>_id`. */
export function actorOf({ id, session_id, access_key }: Caller): AuditFacts {
  return access_key
    ? { user_id: id, [`${access_key.kind}_id`]: access_key.id }
    : { user_id: id, session_id: session_id ?? undefined };
}

interface TokenFacts {
  /** When what the request was let in by expires: milliseconds since 1970. */
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
