import { Controller, Post, Put, Req, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Invalidates } from '../platform/cache/cached.js';
import { type Caller, CurrentCaller } from '../platform/http/access/caller.js';
import { BodyTooLarge } from '../platform/http/problems/http.errors.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { StrictLimit } from '../platform/limits/rates/strict-limit.js';
import { NoDirectUploads, StorageUnavailable } from '../platform/storage/storage.errors.js';
import { AccountOwnerGuard } from '../users/account-owner.guard.js';
import { PhotoUploads } from './photo-uploads.service.js';
import { PhotoUrls } from './photo-urls.js';
import { PhotoRead, PhotoUploadForm } from './photos.dto.js';
import { BrokenPhoto, NoPhoto, PhotoTooComplex, TooManyPhotos, UploadNotFound } from './photos.errors.js';
import { PhotosService } from './photos.service.js';

@ApiTags('photos')
@Controller('users/:username/photo/upload')
@UseGuards(AccountOwnerGuard)
export class PhotoUploadsController {
  constructor(
    private readonly photos: PhotosService,
    private readonly uploads: PhotoUploads,
    private readonly urls: PhotoUrls,
  ) {}

  @Post()
  @StrictLimit()
  @Responds({
    operation: 'beginPhotoUpload',
    summary: 'Get a form that uploads your photo to the storage itself',
    type: PhotoUploadForm,
    problems: [NoDirectUploads, StorageUnavailable],
  })
  begin(@CurrentCaller() caller: Caller): Promise<PhotoUploadForm> {
    return this.uploads.begin(caller.id);
  }

  @Put()
  @StrictLimit()
  @Invalidates('user:{username}', 'users', 'creators')
  @Responds({
    operation: 'confirmPhotoUpload',
    summary: 'Set the file that was uploaded with the form as your photo',
    type: PhotoRead,
    problems: [UploadNotFound, BodyTooLarge, NoPhoto, BrokenPhoto, PhotoTooComplex, TooManyPhotos, StorageUnavailable],
  })
  confirm(@CurrentCaller() caller: Caller, @Req() request: FastifyRequest): Promise<PhotoRead> {
    return this.photos.replace(caller.id, () => this.uploads.take(caller.id), this.urls.seenFrom(request));
  }
}
