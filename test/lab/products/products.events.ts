import { type DomainEvent, Event } from '../../../src/platform/events/event.js';
import { LabProductRead } from './products.dto.js';

@Event('lab_product.created', LabProductRead, 'A product was created')
export class LabProductCreated implements DomainEvent {
  readonly user_id: number;

  constructor(readonly payload: LabProductRead) {
    this.user_id = payload.created_by_user_id;
  }
}
