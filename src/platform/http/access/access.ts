/** Who may call a route: signed-in users unless the route says otherwise. The guard that enforces it is in `auth`. */
import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  SetMetadata,
  type Type,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import type { ProblemClass } from '../responses/response-docs.js';
import { AuditInterceptor } from './audit.interceptor.js';
import { holds, type SignedInRequest } from './caller.js';
import type { Permission } from './permissions.js';
import { type Mark, routeMark, routeMetadata, WithFacts } from './route-metadata.js';

export type Access = 'public' | 'superuser' | { permission: Permission };

export const ACCESS = 'access';
export const OR_HOLDER = 'or holder';
export const NEEDS_SESSION = 'needs session';
export const NEEDS_FRESH_PROOF = 'needs fresh proof';
export const OPEN_TO_RESTRICTED = 'open to restricted';
export const OPENS_SESSIONS = 'opens sessions';
const KNOWS_DEVICES = 'knows devices';

/** Who may call the route; undefined is whoever has signed in. */
export const accessTo = routeMetadata<Access>(ACCESS);

/** Opens a route to everyone: its response does not depend on the caller. */
export const Public = () =>
  applyDecorators(SetMetadata(ACCESS, 'public' satisfies Access), WithFacts({ isPublic: true }));

/** Restricts a route or a controller to superusers; what they change is audited. */
export const Superuser = () =>
  applyDecorators(SetMetadata(ACCESS, 'superuser' satisfies Access), UseInterceptors(AuditInterceptor));

/** Restricts a route or a controller to holders of a permission, superusers included; what they change is audited. */
export const Requires = (permission: Permission) =>
  applyDecorators(SetMetadata(ACCESS, { permission } satisfies Access), UseInterceptors(AuditInterceptor));

/**
 * Guards a route of an owner that holders of a permission may call too; what they change of others is audited. The guard
 * asks `mayActForOwner`; a service that decides by itself is said so without a guard.
 */
export const OwnerOr = (permission: Permission, ...guards: Type<CanActivate>[]) =>
  applyDecorators(SetMetadata(OR_HOLDER, permission), UseGuards(...guards), UseInterceptors(AuditInterceptor));

const orHolder = routeMetadata<Permission>(OR_HOLDER);

/** Whether a caller who is not the owner may do what the owner may, by the permission of the route's `@OwnerOr`. */
export function mayActForOwner(context: ExecutionContext): boolean {
  const permission = orHolder(context);
  const request = context.switchToHttp().getRequest<SignedInRequest>();
  if (!permission || !holds(request.user, permission)) return false;
  request.right = { permission };
  return true;
}

/**
 * Closes a route, or each route of a controller, to callers who have not signed in but shown an access key: for what a
 * leaked one must not do, such as letting somebody in for longer than itself.
 * @param whenSent only requests with this field in their body
 */
export const NeedsSession = ({ whenSent }: { whenSent?: string } = {}) =>
  SetMetadata(NEEDS_SESSION, (whenSent ?? true) satisfies Mark);

export const needsSession = routeMark(NEEDS_SESSION);

/** By what a route wants it proved that it is the owner of the account who calls. */
export type FreshProof = 'session' | 'password';

/**
 * Closes a route, or each route of a controller, to sessions in which nobody has proved lately that it is the owner who
 * calls, and to access keys: for what a stolen access token must not do.
 */
export const NeedsFreshProof = () =>
  applyDecorators(NeedsSession(), SetMetadata(NEEDS_FRESH_PROOF, 'session' satisfies FreshProof));

/**
 * Closes a route to access keys, and tells that the password in its body is the proof: its service asks `OwnerProof`.
 * @param whenSent only requests with this field in their body
 */
export const NeedsPassword = (options?: { whenSent: string }) =>
  applyDecorators(NeedsSession(options), SetMetadata(NEEDS_FRESH_PROOF, 'password' satisfies FreshProof));

const freshProof = routeMetadata<FreshProof>(NEEDS_FRESH_PROOF);

export const needsFreshProof = (context: ExecutionContext) => freshProof(context) === 'session';

/**
 * Opens a route, or each route of a controller, to callers whose account is restricted: by whatever, or only by what
 * these problems tell.
 */
export const OpenToRestricted = (...problems: ProblemClass[]) =>
  SetMetadata(OPEN_TO_RESTRICTED, problems.length > 0 ? problems : true);

const openTo = routeMetadata<ProblemClass[] | true>(OPEN_TO_RESTRICTED);

/** Whether a route may be called by an account that is restricted so. */
export function isOpenTo(context: ExecutionContext, restriction: ProblemClass): boolean {
  const open = openTo(context);
  return open === true || open?.includes(restriction) === true;
}

/** Says that a public route may open a session, unless an account asks for a further step. */
export const OpensSessions = () => applyDecorators(KnowsDevices(), SetMetadata(OPENS_SESSIONS, true));

/** Lets a public route know the device that it is called from. */
export const KnowsDevices = () => SetMetadata(KNOWS_DEVICES, true);

export const knowsDevices = routeMetadata<true>(KNOWS_DEVICES);
