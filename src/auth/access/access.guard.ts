import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { accessTo } from '../../platform/http/access/access.js';
import type { AnyRequest } from '../../platform/http/access/caller.js';
import { NotSignedIn, SuperuserOnly } from '../auth.errors.js';

/** Guards every route: only what is marked `@Public()` is open, and `@Superuser()` asks for more than signing in. */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const access = accessTo(context);
    if (access === 'public') return true;
    const { user } = context.switchToHttp().getRequest<AnyRequest>();
    if (!user) throw new NotSignedIn();
    if (access === 'superuser' && !user.is_superuser) throw new SuperuserOnly();
    return true;
  }
}
