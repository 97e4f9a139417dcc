import { Module } from '@nestjs/common';
import { CacheModule } from '../platform/cache/cache.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { StorageModule } from '../platform/storage/storage.module.js';
import { UsersModule } from '../users/users.module.js';
import { PhotoFiles } from './photo-files.js';
import { PhotoUploadsController } from './photo-uploads.controller.js';
import { PhotoUploads } from './photo-uploads.service.js';
import { PhotoUrls } from './photo-urls.js';
import { Photo } from './photo.entity.js';
import { PhotosAdminController } from './photos.admin.controller.js';
import { PhotosController } from './photos.controller.js';
import { PhotoNotFound } from './photos.errors.js';
import { PhotosService } from './photos.service.js';
import { PhotosTasksModule } from './photos.tasks.module.js';
import { Renderer } from './rendering/renderer.js';
import { UserPhotoController } from './user-photo.controller.js';

@Module({
  imports: [
    CacheModule,
    StorageModule,
    UsersModule,
    PhotosTasksModule,
    DatabaseModule.forFeature(Photo, { notFound: PhotoNotFound }),
  ],
  controllers: [UserPhotoController, PhotoUploadsController, PhotosController, PhotosAdminController],
  providers: [PhotosService, PhotoFiles, PhotoUploads, PhotoUrls, Renderer],
})
export class PhotosModule {}
