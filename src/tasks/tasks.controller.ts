import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, Headers, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { IfMatch, type Precondition } from '../platform/http/caching/preconditions.js';
import { CallerStreams } from '../auth/access/caller-streams.service.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { Responds } from '../platform/http/responses/response-docs.js';
import { BodyLimit } from '../platform/http/requests/bodies.js';
import { OwnerOr } from '../platform/http/access/access.js';
import { type Caller, CurrentCaller, type SignedInRequest } from '../platform/http/access/caller.js';
import { HttpConfig } from '../platform/http/http.config.js';
import { IdOr } from '../platform/http/requests/path-ids.js';
import { PageOf } from '../platform/http/lists/pagination.js';
import { Idempotent } from '../platform/idempotency/idempotent.js';
import { StreamsFull, TooManyStreams } from '../platform/limits/streams/streams.errors.js';
import { TaskOwnerGuard } from './task-owner.guard.js';
import { SubmittedTasks } from './submitted-tasks.service.js';
import { TaskStream } from './task-stream.service.js';
import { TaskCreate, TaskList, TaskQueued, TaskRead } from './tasks.dto.js';
import { TaskEnded, TaskNotFound, TooManyTasks, UnknownTaskName } from './tasks.errors.js';
import { TasksService } from './tasks.service.js';

const PAYLOAD_BYTES = 64 * 1024;

const TaskId = new IdOr(TaskNotFound);

@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly posted: SubmittedTasks,
    private readonly stream: TaskStream,
    private readonly streams: CallerStreams,
    private readonly http: HttpConfig,
  ) {}

  @Post()
  @Idempotent()
  @BodyLimit({ bytes: PAYLOAD_BYTES })
  @Responds({
    operation: 'createTask',
    summary: 'Queue a background task',
    status: 202,
    type: TaskQueued,
    headers: { Location: 'Its state' },
    problems: [UnknownTaskName, TooManyTasks],
  })
  async create(
    @CurrentCaller() caller: Caller,
    @Body() { name, payload }: TaskCreate,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskQueued> {
    const task = await this.posted.enqueue(name, payload, caller);
    reply.header('location', this.http.publicPath(`${request.routeOptions.url}/${task.id}`));
    return task;
  }

  @Get()
  @Responds({
    operation: 'listTasks',
    summary: 'List your own tasks, newest first',
    type: PageOf(TaskRead, { keyset: true }),
  })
  list(
    @CurrentCaller() caller: Caller,
    @Query() query: TaskList,
  ): Promise<NumberedPage<TaskRead> | KeysetPage<TaskRead>> {
    return this.tasks.list(caller, query);
  }

  @Get(':task_id')
  @OwnerOr('tasks.read_any')
  @Responds({ operation: 'getTask', summary: 'Read the state of a task', type: TaskRead, problems: [TaskNotFound] })
  read(@Param('task_id', TaskId) id: number, @CurrentCaller() caller: Caller): Promise<TaskRead> {
    return this.tasks.read(id, caller);
  }

  @Delete(':task_id')
  @OwnerOr('tasks.cancel_any', TaskOwnerGuard)
  @Responds({
    operation: 'cancelTask',
    summary: 'Cancel a task that waits or runs',
    status: 204,
    problems: [TaskNotFound, TaskEnded],
  })
  cancel(@Param('task_id', TaskId) id: number, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return this.tasks.cancel(id, ifMatch);
  }

  @Get(':task_id/events')
  @OwnerOr('tasks.read_any')
  @Responds({
    operation: 'followTask',
    summary: 'Follow the state of a task',
    streams: { mediaType: 'text/event-stream', type: () => TaskRead },
    problems: [TaskNotFound, TooManyStreams, StreamsFull],
  })
  async events(
    @Param('task_id', TaskId) id: number,
    @Req() request: SignedInRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('Last-Event-ID') lastEventId?: string,
  ): Promise<StreamableFile> {
    const { user: caller } = request;
    await this.tasks.read(id, caller);
    const signal = this.streams.open(request, reply);
    reply.header('x-accel-buffering', 'no');
    const events = this.stream.of(id, caller, { lastEventId, signal });
    return new StreamableFile(Readable.from(events), { type: 'text/event-stream' });
  }
}
