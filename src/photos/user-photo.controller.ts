import { Controller, Delete, Get, Param, Put, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Invalidates } from '../platform/cache/cached.js';
import { Public } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { BodyFile, type SentFile, TakesFile } from '../platform/http/requests/file-bodies.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { StrictLimit } from '../platform/limits/rates/strict-limit.js';
import { StorageUnavailable } from '../platform/storage/storage.errors.js';
import { AccountOwnerGuard } from '../users/account-owner.guard.js';
import { PhotoUrls } from './photo-urls.js';
import { PhotoQuery, PhotoRead, sizeOf } from './photos.dto.js';
import { BrokenPhoto, NoPhoto, PhotoNotFound, PhotoTooComplex, TooManyPhotos } from './photos.errors.js';
import { PhotosService, seenIn } from './photos.service.js';
import { PHOTO_TYPE } from './rendering/rendering.js';

const MAX_BYTES = 8 * 1024 * 1024;

@ApiTags('photos')
@Controller('users/:username/photo')
export class UserPhotoController {
  constructor(
    private readonly photos: PhotosService,
    private readonly urls: PhotoUrls,
  ) {}

  @Get()
  @Public()
  @Responds({
    operation: 'getUserPhoto',
    summary: 'Read the photo of a user',
    file: PHOTO_TYPE,
    problems: [PhotoNotFound, StorageUnavailable],
  })
  async read(
    @Param('username') username: string,
    @Query() query: PhotoQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { bytes, tag } = await this.photos.open({ creator: { username } }, sizeOf(query));
    reply.type(PHOTO_TYPE).header('etag', tag);
    return bytes;
  }

  @Put()
  @StrictLimit()
  @UseGuards(AccountOwnerGuard)
  @TakesFile({ bytes: MAX_BYTES, mediaType: 'image/*' })
  @Invalidates('user:{username}', 'users', 'creators')
  @Responds({
    operation: 'putPhoto',
    summary: 'Set your own photo: a JPEG, PNG, WebP or AVIF image',
    type: PhotoRead,
    problems: [NoPhoto, BrokenPhoto, PhotoTooComplex, TooManyPhotos, StorageUnavailable],
  })
  put(@CurrentCaller() caller: Caller, @BodyFile() file: SentFile, @Req() request: FastifyRequest): Promise<PhotoRead> {
    return this.photos.replace(caller.id, () => Promise.resolve(file), this.urls.seenFrom(request));
  }

  @Delete()
  @UseGuards(AccountOwnerGuard)
  @Invalidates('user:{username}', 'users', 'creators')
  @Responds({ operation: 'deletePhoto', summary: 'Delete your own photo', status: 204, problems: [PhotoNotFound] })
  delete(
    @CurrentCaller() caller: Caller,
    @Query() query: PhotoQuery,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<void> {
    return this.photos.delete(caller.id, seenIn(sizeOf(query), ifMatch));
  }
}
