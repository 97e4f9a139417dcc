import { ConflictException, ServiceUnavailableException } from '@nestjs/common';

export class StorageUnavailable extends ServiceUnavailableException {
  constructor(options?: { cause: unknown }) {
    super('The storage of files cannot be reached at the moment. Try again soon.', {
      errorCode: 'storage_unavailable',
      ...options,
    });
  }
}

export class NoDirectUploads extends ConflictException {
  constructor() {
    super('This system takes no uploads past the API. Send the file to the API itself.', {
      errorCode: 'no_direct_uploads',
    });
  }
}
