import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { SignedInRequest } from '../platform/http/access/caller.js';
import { Throws } from '../platform/http/responses/response-docs.js';
import { NotYourAccount, UserNotFound } from './users.errors.js';
import { UsersService } from './users.service.js';

/** Lets a caller through to paths under their own user name only. */
@Injectable()
@Throws(UserNotFound, NotYourAccount)
export class AccountOwnerGuard implements CanActivate {
  constructor(private readonly users: UsersService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const { username } = request.params as { username: string };
    if (username === request.user.username) return true;
    await this.users.idOf(username);
    throw new NotYourAccount();
  }
}
