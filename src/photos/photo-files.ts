import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Injectable } from '@nestjs/common';
import { Storage } from '../platform/storage/storage.js';
import { PHOTO_TYPE, type Rendered, type Size, SIZES } from './rendering/rendering.js';

export const FOLDER = 'photos';
const NAME = /^[0-9a-f]{32}$/;
const KEY = /^photos\/([0-9a-f]{32})-\d+\.webp$/;

const keyOf = (name: string, size: Size) => `${FOLDER}/${name}-${size}.webp`;

/** The name of the photo that a file belongs to. */
export const nameIn = (key: string) => KEY.exec(key)?.[1];

export const isName = (text: string) => NAME.test(text);

/** The files of photos: one of each size, which never change. */
@Injectable()
export class PhotoFiles {
  constructor(private readonly storage: Storage) {}

  /** Stores a photo under a new name, which no row has yet: if none ever does, the files are swept. */
  async store({ pictures }: Rendered): Promise<string> {
    const name = randomBytes(16).toString('hex');
    await Promise.all(pictures.map(({ size, bytes }) => this.storage.put(keyOf(name, size), bytes, PHOTO_TYPE)));
    return name;
  }

  async read(name: string, size: Size): Promise<Buffer | undefined> {
    const file = await this.storage.read(keyOf(name, size));
    return file && buffer(file.stream);
  }

  /** Deletes what no row names any more; what cannot be deleted now is swept. */
  async discard(name: string): Promise<void> {
    await Promise.allSettled(SIZES.map((size) => this.storage.delete(keyOf(name, size))));
  }
}
