import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { accessTo, needsSession } from '../../platform/http/access/access.js';
import { type AnyRequest, holds } from '../../platform/http/access/caller.js';
import { NotSignedIn, PermissionRequired, SessionRequired, SuperuserOnly } from '../auth.errors.js';

/**
 * Guards every route: only what is marked `@Public()` is open, and `@Superuser()`, `@Requires()` and `@NeedsSession()` ask
 * for more than being known.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const access = accessTo(context);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<AnyRequest>();
    const { user } = request;
    if (!user) throw new NotSignedIn();
    if (user.session_id === null && needsSession(context)) throw new SessionRequired();
    if (access === undefined) return true;
    if (access === 'superuser') {
      if (!user.is_superuser) throw new SuperuserOnly();
      request.right = {};
    } else {
      if (!holds(user, access.permission)) throw new PermissionRequired(access.permission);
      request.right = access;
    }
    return true;
  }
}
