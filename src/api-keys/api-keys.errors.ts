import { ConflictException, ForbiddenException, NotFoundException } from '@nestjs/common';

export class ApiKeyNotFound extends NotFoundException {
  constructor() {
    super('There is no API key with this id.', { errorCode: 'api_key_not_found' });
  }
}

export class PermissionNotYours extends ForbiddenException {
  constructor() {
    super('A key can have no permission that you do not hold.', { errorCode: 'permission_not_held' });
  }
}

export class TooManyApiKeys extends ConflictException {
  constructor() {
    super('You have as many API keys as you may have. Revoke one first.', { errorCode: 'too_many_api_keys' });
  }
}
