import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module.js';
import { StorageModule } from '../platform/storage/storage.module.js';
import { Photo } from './photo.entity.js';
import { ExportedPhoto } from './photos.dto.js';
import { StrayPhotosTask } from './stray-photos.task.js';

@Module({
  imports: [
    StorageModule,
    DatabaseModule.forExport(Photo, { name: 'photos', owner: 'created_by_user_id', as: ExportedPhoto }),
  ],
  providers: [StrayPhotosTask],
})
export class PhotosTasksModule {}
