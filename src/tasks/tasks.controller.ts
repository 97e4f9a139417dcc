import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, CurrentCaller } from '../http/caller.js';
import { Answers } from '../http/answers.js';
import { TaskCreate, TaskQueued, TaskRead } from './tasks.dto.js';
import { TaskNotFound } from './tasks.errors.js';
import { TasksService } from './tasks.service.js';

@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(private readonly tasks: TasksService) {}

  @Post()
  @Answers({ summary: 'Queue a background task', status: 202, type: TaskQueued, headers: { Location: 'Its state' } })
  async create(
    @CurrentCaller() caller: Caller,
    @Body() { name, payload }: TaskCreate,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskQueued> {
    const task = await this.tasks.enqueueNamed(name, payload, caller);
    reply.header('location', `${request.routeOptions.url}/${task.id}`);
    return task;
  }

  @Get(':task_id')
  @Answers({ summary: 'Read the state of a task', type: TaskRead, problems: [TaskNotFound] })
  read(@Param('task_id') id: string, @CurrentCaller() caller: Caller): Promise<TaskRead> {
    return this.tasks.read(id, caller);
  }
}
