import { NotFoundException } from '@nestjs/common';

export class ExportNotFound extends NotFoundException {
  constructor() {
    super('You have no export with this id.', { errorCode: 'export_not_found' });
  }
}
