import { ConflictException, NotFoundException } from '@nestjs/common';

export class WebhookNotFound extends NotFoundException {
  constructor() {
    super('You have no webhook with this id.', { errorCode: 'webhook_not_found' });
  }
}

export class TooManyWebhooks extends ConflictException {
  constructor() {
    super('You have as many webhooks as you may have. Delete one first.', { errorCode: 'too_many_webhooks' });
  }
}

export class WebhookIsDisabled extends ConflictException {
  constructor() {
    super('This webhook is disabled. Enable it first.', { errorCode: 'webhook_disabled' });
  }
}

export class DeliveryNotFound extends NotFoundException {
  constructor() {
    super('This webhook has no delivery with this id.', { errorCode: 'delivery_not_found' });
  }
}

export class DeliveryPending extends ConflictException {
  constructor() {
    super('This delivery is still to be made.', { errorCode: 'delivery_pending' });
  }
}

export class TooManyDeliveries extends ConflictException {
  constructor() {
    super('Too many deliveries to this webhook are still to be made.', { errorCode: 'too_many_deliveries' });
  }
}
