import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { ACCESS, type Access, type SignedInRequest } from '../http/access.js';
import { NotSignedIn, SuperuserOnly } from './auth.errors.js';

/** Guards every route: only what is marked `@Public()` is open, and `@Superuser()` asks for more than signing in. */
@Injectable()
export class AccessGuard extends AuthGuard('jwt') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access>(ACCESS, [context.getHandler(), context.getClass()]);
    if (access === 'public') return true;
    await super.canActivate(context);
    const { user } = context.switchToHttp().getRequest<SignedInRequest>();
    if (access === 'superuser' && !user.is_superuser) throw new SuperuserOnly();
    return true;
  }

  override handleRequest<T>(error: unknown, user: T): T {
    if (error) throw error;
    if (!user) throw new NotSignedIn();
    return user;
  }
}
