import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Access, accessTo, isOpenTo, needsFreshProof, needsSession } from '../../platform/http/access/access.js';
import { type AnyRequest, type Caller, holds } from '../../platform/http/access/caller.js';
import { FreshProofs } from '../sessions/fresh-proofs.service.js';
import { NotSignedIn, PermissionRequired, SessionRequired, SuperuserOnly } from '../auth.errors.js';

/**
 * Guards every route: only what is marked `@Public()` is open, and `@Superuser()`, `@Requires()`, `@NeedsSession()` and
 * `@NeedsFreshProof()` ask for more than being known.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly proofs: FreshProofs) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = accessTo(context);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<AnyRequest>();
    const { user } = request;
    if (!user) throw new NotSignedIn();
    if (user.session_id === null && needsSession(context)) throw new SessionRequired();
    if (user.restriction && !isOpenTo(context, user.restriction)) throw new user.restriction();
    if (access !== undefined) this.requireRight(request, user, access);
    return needsFreshProof(context) ? this.proofs.require(user).then(() => true) : true;
  }

  private requireRight(request: AnyRequest, user: Caller, access: Exclude<Access, 'public'>): void {
    if (access === 'superuser') {
      if (!user.is_superuser) throw new SuperuserOnly();
      request.right = {};
    } else {
      if (!holds(user, access.permission)) throw new PermissionRequired(access.permission);
      request.right = access;
    }
  }
}
