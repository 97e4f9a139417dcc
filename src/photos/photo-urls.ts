import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { HttpConfig } from '../platform/http/http.config.js';
import { MalformedRequest } from '../platform/http/problems/http.errors.js';
import { PhotosConfig } from './photos.config.js';

const LONGEST_ORIGIN = 300;

/** The addresses of photos, which are stored in accounts. */
@Injectable()
export class PhotoUrls {
  constructor(
    private readonly config: PhotosConfig,
    private readonly http: HttpConfig,
  ) {}

  /**
   * The address that a photo of a name has for clients. Without a setting, it is at the host that its owner has asked,
   * who may have any `profile_image_url` anyway. Throws `MalformedRequest` for a host that is none.
   */
  seenFrom({ protocol, host, routeOptions }: FastifyRequest): (name: string) => string {
    const origin = this.config.PHOTOS_ORIGIN ?? `${protocol}://${host}`;
    if (!URL.canParse(origin) || origin.length > LONGEST_ORIGIN) {
      throw new MalformedRequest('The Host header names no host.');
    }
    const prefix = routeOptions.url!.replace(/\/users\/.*/, '');
    return (name) => new URL(origin).origin + this.http.publicPath(`${prefix}/photos/${name}`);
  }
}
