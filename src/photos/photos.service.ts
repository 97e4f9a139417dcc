import { Injectable } from '@nestjs/common';
import type { Crud } from '../platform/database/crud/crud.js';
import type { Filter } from '../platform/database/crud/filter.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { Transactions } from '../platform/database/transactions.js';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import type { SentFile } from '../platform/http/requests/file-bodies.js';
import { UsersService } from '../users/users.service.js';
import { PhotoFiles } from './photo-files.js';
import { Photo } from './photo.entity.js';
import type { PhotoRead } from './photos.dto.js';
import { PhotoNotFound } from './photos.errors.js';
import { Renderer } from './rendering/renderer.js';
import type { Size } from './rendering/rendering.js';

const SHOWN = ['width', 'height', 'bytes', 'created_at', 'updated_at'] as const;
const TRIES = 2;

type Saved = Pick<Photo, 'name' | 'width' | 'height' | 'bytes'>;

/** One picture of a photo. */
export interface OpenedPhoto {
  bytes: Buffer;
  tag: string;
}

/** Its name is never given to another photo. */
const tagOf = (name: string, size: Size) => `"${name}-${size}"`;

@Injectable()
export class PhotosService {
  constructor(
    @InjectCrud(Photo) private readonly photos: Crud<Photo>,
    private readonly files: PhotoFiles,
    private readonly renderer: Renderer,
    private readonly users: UsersService,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Gives a user the photo that is in a file, in the place of the one before. The files are there before a row names
   * them; if none does in the end, they are swept: after a lost connection it is unknown whether the row was committed.
   * @param load the file, once its turn has come
   * @param urlOf the address of a photo of that name
   */
  async replace(userId: number, load: () => Promise<SentFile>, urlOf: (name: string) => string): Promise<PhotoRead> {
    const rendered = await this.renderer.render(load);
    const { width, height, pictures } = rendered;
    const bytes = pictures.reduce((sum, picture) => sum + picture.bytes.length, 0);
    const name = await this.files.store(rendered);
    const { saved, before } = await this.save(userId, { name, width, height, bytes }, urlOf(name));
    if (before) await this.files.discard(before.name);
    return saved;
  }

  /** Deletes the photo of a user, who has the default picture again, if it is what the client has seen. */
  async delete(userId: number, seen: (photo: Pick<Photo, 'name'>) => void = () => undefined): Promise<void> {
    const { name } = await this.transactions.run(async () => {
      await this.users.setPicture(userId);
      const photo = await this.photos.getOrThrow({ created_by_user_id: userId }, ['name'] as const);
      seen(photo);
      await this.photos.dbDelete({ created_by_user_id: userId });
      return photo;
    });
    await this.files.discard(name);
  }

  /** The same in the name of a superuser, for whom there is nothing to have seen. */
  async deleteOf(username: string, ifMatch?: Precondition): Promise<void> {
    await this.delete(await this.users.idOf(username), () => ifMatch?.(undefined));
  }

  /** A picture of a user who is there. Again if the photo has just been replaced, and its files have gone. */
  async open(where: Filter<Photo>, size: Size): Promise<OpenedPhoto> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { name } = await this.photos.getOrThrow(where, ['name'] as const);
      const bytes = await this.files.read(name, size);
      if (bytes) return { bytes, tag: tagOf(name, size) };
    }
    throw new PhotoNotFound();
  }

  /** The row of the user comes first, in every transaction: others wait for it. */
  private save(userId: number, photo: Saved, profile_image_url: string) {
    return this.transactions.run(async () => {
      await this.users.setPicture(userId, profile_image_url);
      const before = await this.photos.get({ created_by_user_id: userId }, ['name'] as const);
      const { row } = await this.photos.upsert({ created_by_user_id: userId }, photo, SHOWN);
      return { saved: { profile_image_url, ...row }, before };
    });
  }
}

/** Holds a photo against what a client has seen of it in that size. */
export function seenIn(size: Size, ifMatch?: Precondition): (photo: Pick<Photo, 'name'>) => void {
  return ({ name }) => ifMatch?.(tagOf(name, size));
}
