import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../platform/http/access/access.js';
import { Immutable } from '../platform/http/caching/client-cache.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { StorageUnavailable } from '../platform/storage/storage.errors.js';
import { isName } from './photo-files.js';
import { PhotoQuery, sizeOf } from './photos.dto.js';
import { PhotoNotFound } from './photos.errors.js';
import { PhotosService } from './photos.service.js';
import { PHOTO_TYPE } from './rendering/rendering.js';

/** Where `profile_image_url` leads: a photo that replaces another one has another address. */
@ApiTags('photos')
@Controller('photos')
export class PhotosController {
  constructor(private readonly photos: PhotosService) {}

  @Get(':photo_name')
  @Public()
  @Immutable()
  @Responds({
    operation: 'getPhoto',
    summary: 'Read a photo',
    file: PHOTO_TYPE,
    problems: [PhotoNotFound, StorageUnavailable],
  })
  async read(
    @Param('photo_name') name: string,
    @Query() query: PhotoQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    if (!isName(name)) throw new PhotoNotFound();
    const { bytes, tag } = await this.photos.open({ name }, sizeOf(query));
    reply.type(PHOTO_TYPE).header('etag', tag);
    return bytes;
  }
}
