import { buffer } from 'node:stream/consumers';
import { Injectable } from '@nestjs/common';
import { BodyTooLarge } from '../platform/http/problems/http.errors.js';
import type { SentFile } from '../platform/http/requests/file-bodies.js';
import { Storage } from '../platform/storage/storage.js';
import type { PhotoUploadForm } from './photos.dto.js';
import { UploadNotFound } from './photos.errors.js';

export const UPLOADS = 'uploads';
const FORM_SECONDS = 600;
const MAX_BYTES = 16 * 1024 * 1024;

// One a user, so that nobody stores more than one file there.
const keyOf = (userId: number) => `${UPLOADS}/${userId}`;

/** Files that users upload to the storage itself. Whatever is there has to stand the same tests as any other file. */
@Injectable()
export class PhotoUploads {
  constructor(private readonly storage: Storage) {}

  /** Throws `NoDirectUploads`. */
  async begin(userId: number): Promise<PhotoUploadForm> {
    const form = await this.storage.formFor(keyOf(userId), { type: 'image/', bytes: MAX_BYTES, seconds: FORM_SECONDS });
    return { ...form, expires_in: FORM_SECONDS };
  }

  /** Takes the file out of the storage. Throws `UploadNotFound` and `BodyTooLarge`. */
  async take(userId: number): Promise<SentFile> {
    const key = keyOf(userId);
    const file = await this.storage.read(key);
    if (!file) throw new UploadNotFound();
    try {
      if (file.size > MAX_BYTES) throw new BodyTooLarge(MAX_BYTES);
      return { bytes: await buffer(file.stream), type: '' };
    } finally {
      file.stream.destroy();
      await this.storage.delete(key);
    }
  }
}
