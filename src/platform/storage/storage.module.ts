import { Module } from '@nestjs/common';
import { FolderStorage } from './folder-storage.js';
import { S3Storage } from './s3-storage.js';
import { StorageConfig } from './storage.config.js';
import { Storage } from './storage.js';

@Module({
  providers: [
    {
      provide: Storage,
      inject: [StorageConfig],
      useFactory: (config: StorageConfig) =>
        config.isS3 ? new S3Storage(config) : new FolderStorage(config.STORAGE_FOLDER),
    },
  ],
  exports: [Storage],
})
export class StorageModule {}
