import { Controller, Delete, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Invalidates } from '../platform/cache/cached.js';
import { Superuser } from '../platform/http/access/access.js';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { UserNotFound } from '../users/users.errors.js';
import { PhotoNotFound } from './photos.errors.js';
import { PhotosService } from './photos.service.js';

@ApiTags('admin')
@Controller('admin/users/:username/photo')
@Superuser()
export class PhotosAdminController {
  constructor(private readonly photos: PhotosService) {}

  @Delete()
  @Invalidates('user:{username}', 'users', 'creators')
  @Responds({
    operation: 'deleteUserPhoto',
    summary: 'Delete the photo of a user',
    status: 204,
    problems: [UserNotFound, PhotoNotFound],
  })
  delete(@Param('username') username: string, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.photos.deleteOf(username, ifMatch);
  }
}
