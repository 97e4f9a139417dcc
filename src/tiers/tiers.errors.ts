import { ConflictException, NotFoundException } from '@nestjs/common';

export class TierNotFound extends NotFoundException {
  constructor() {
    super('There is no such tier.', { errorCode: 'tier_not_found' });
  }
}

export class TierNameTaken extends ConflictException {
  constructor() {
    super('There is another tier with this name.', { errorCode: 'tier_name_taken' });
  }
}

export class TierInUse extends ConflictException {
  constructor() {
    super('Some accounts have this tier, or all have it by default.', { errorCode: 'tier_in_use' });
  }
}
