import {
  NotFoundException,
  ServiceUnavailableException,
  UnprocessableEntityException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';

export class PhotoNotFound extends NotFoundException {
  constructor() {
    super('There is no such photo.', { errorCode: 'photo_not_found' });
  }
}

export class UploadNotFound extends NotFoundException {
  constructor() {
    super('No file has been uploaded with your form.', { errorCode: 'upload_not_found' });
  }
}

export class NoPhoto extends UnsupportedMediaTypeException {
  constructor() {
    super('The file is not a JPEG, PNG, WebP or AVIF image, whatever its name and type say.', {
      errorCode: 'no_photo',
    });
  }
}

export class BrokenPhoto extends UnprocessableEntityException {
  constructor() {
    super('The image is damaged or incomplete.', { errorCode: 'broken_photo' });
  }
}

export class PhotoTooComplex extends UnprocessableEntityException {
  constructor() {
    super('The image has too many pixels, frames or metadata, or takes too long to read.', {
      errorCode: 'photo_too_complex',
    });
  }
}

export class TooManyPhotos extends ServiceUnavailableException {
  constructor() {
    super('Too many photos are being uploaded at the moment. Try again in a few seconds.', {
      errorCode: 'too_many_photos',
    });
  }
}
