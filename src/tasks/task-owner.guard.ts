import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { mayActForOwner } from '../platform/http/access/access.js';
import type { SignedInRequest } from '../platform/http/access/caller.js';
import { Throws } from '../platform/http/responses/response-docs.js';
import { parseId } from '../platform/http/requests/path-ids.js';
import { TaskNotFound } from './tasks.errors.js';
import { TasksService } from './tasks.service.js';

/** Signed in → the task exists → the caller owns it, or may act for who does; for all others there is no such task. */
@Injectable()
@Throws(TaskNotFound)
export class TaskOwnerGuard implements CanActivate {
  constructor(private readonly tasks: TasksService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const id = parseId((request.params as { task_id: string }).task_id);
    if (id === undefined) throw new TaskNotFound();
    const isOwner = (await this.tasks.ownerOf(id)) === request.user.id;
    if (!isOwner && !mayActForOwner(context)) throw new TaskNotFound();
    return true;
  }
}
