import { Module } from '@nestjs/common';
import { NoticesController } from './notices.controller.js';
import { NoticesService } from './notices.service.js';
import { NoticesTasksModule } from './notices.tasks.module.js';

@Module({ imports: [NoticesTasksModule], controllers: [NoticesController], providers: [NoticesService] })
export class NoticesModule {}
