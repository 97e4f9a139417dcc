import { ConflictException, ForbiddenException, NotFoundException } from '@nestjs/common';

export class RoleNotFound extends NotFoundException {
  constructor() {
    super('There is no role with this id.', { errorCode: 'role_not_found' });
  }
}

export class RoleNameTaken extends ConflictException {
  constructor() {
    super('There is another role with this name.', { errorCode: 'role_name_taken' });
  }
}

export class TooManyRoles extends ConflictException {
  constructor() {
    super('There are as many roles as there may be. Delete one first.', { errorCode: 'too_many_roles' });
  }
}

export class LastRoleManager extends ConflictException {
  constructor() {
    super('Nobody else could manage roles. Give somebody else the permission roles.manage first.', {
      errorCode: 'last_role_manager',
    });
  }
}

export class PermissionNotHeld extends ForbiddenException {
  constructor(permission?: string) {
    super(`You can give, change and take only what you hold yourself${permission ? `, and not ${permission}` : ''}.`, {
      errorCode: 'permission_not_held',
    });
  }
}
