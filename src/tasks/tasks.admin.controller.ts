import { Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { Requires, Superuser } from '../platform/http/access/access.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { PageOf } from '../platform/http/lists/pagination.js';
import { FullTask, TaskList } from './tasks.dto.js';
import { TaskNotFailed, TaskNotFound } from './tasks.errors.js';
import { TasksService } from './tasks.service.js';

const TaskId = new IdOr(TaskNotFound);

@ApiTags('admin')
@Controller('admin/tasks')
@Superuser()
export class TasksAdminController {
  constructor(private readonly tasks: TasksService) {}

  @Get()
  @Requires('tasks.read_any')
  @Responds({
    operation: 'listAllTasks',
    summary: 'List the tasks of all users, newest first',
    type: PageOf(FullTask, { keyset: true }),
  })
  list(@Query() query: TaskList): Promise<NumberedPage<FullTask> | KeysetPage<FullTask>> {
    return this.tasks.listAll(query);
  }

  @Get(':task_id')
  @Requires('tasks.read_any')
  @Responds({
    operation: 'getAnyTask',
    summary: 'Read a task with its payload',
    type: FullTask,
    problems: [TaskNotFound],
  })
  read(@Param('task_id', TaskId) id: number): Promise<FullTask> {
    return this.tasks.readFull(id);
  }

  @Post(':task_id/retry')
  @Responds({
    operation: 'retryTask',
    summary: 'Queue a failed task again',
    type: FullTask,
    problems: [TaskNotFound, TaskNotFailed],
  })
  retry(@Param('task_id', TaskId) id: number): Promise<FullTask> {
    return this.tasks.retry(id);
  }

  @Delete(':task_id')
  @Responds({
    operation: 'discardTask',
    summary: 'Cancel a task that runs; delete any other',
    status: 204,
    problems: [TaskNotFound],
  })
  discard(@Param('task_id', TaskId) id: number, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.tasks.discard(id, ifMatch);
  }
}
