import { ConflictException, ForbiddenException, NotFoundException, UnauthorizedException } from '@nestjs/common';
import type { Permission } from '../platform/http/access/permissions.js';

export class NotSignedIn extends UnauthorizedException {
  constructor() {
    super('Sign in first. This needs a valid access token.', { errorCode: 'not_signed_in' });
  }
}

export class WrongCredentials extends UnauthorizedException {
  constructor() {
    super('The user name or the password is wrong.', { errorCode: 'wrong_credentials' });
  }
}

export class PermissionRequired extends ForbiddenException {
  constructor(permission: Permission) {
    super(`You need the permission ${permission} to do this.`, { errorCode: 'permission_required' });
  }
}

export class SuperuserOnly extends ForbiddenException {
  constructor() {
    super('Only superusers may do this.', { errorCode: 'superuser_only' });
  }
}

/** Of callers who have not signed in, but shown an access key. */
export class SessionRequired extends ForbiddenException {
  constructor() {
    super('This can be done only by signing in, not with a key.', { errorCode: 'session_required' });
  }
}

/** Of sessions in which the owner has not proved lately to be that. */
export class FreshProofRequired extends ForbiddenException {
  constructor() {
    super('Prove again that it is you: `POST /auth/proof`.', { errorCode: 'fresh_proof_required' });
  }
}

export class PasswordNotEnough extends ForbiddenException {
  constructor() {
    super('Of this account, a password alone proves nothing.', { errorCode: 'password_not_enough' });
  }
}

export class LastWayIn extends ConflictException {
  constructor() {
    super('Nobody could sign in to the account without this. Set a password first, or add another way in.', {
      errorCode: 'last_way_in',
    });
  }
}

export class InvalidRefreshToken extends UnauthorizedException {
  constructor() {
    super('The refresh token is missing, unknown, expired or already used. Sign in again.', {
      errorCode: 'invalid_refresh_token',
    });
  }
}

export class SessionNotFound extends NotFoundException {
  constructor() {
    super('You have no session with this id.', { errorCode: 'session_not_found' });
  }
}
