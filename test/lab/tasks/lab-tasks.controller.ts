import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { type Caller, CurrentCaller } from '../../../src/platform/http/access/caller.js';
import { BodyLimit } from '../../../src/platform/http/requests/bodies.js';
import { Responds } from '../../../src/platform/http/responses/response-docs.js';
import { Optional, Text } from '../../../src/platform/http/validation/fields.js';
import { JsonObject } from '../../../src/platform/http/validation/objects.js';
import { Enum } from '../../../src/platform/http/validation/values.js';
import { definitionOf } from '../../../src/platform/queue/task.js';
import { type TaskQueued } from '../../../src/tasks/tasks.dto.js';
import { TasksService } from '../../../src/tasks/tasks.service.js';
import { labTasks } from './lab-tasks.js';

const PAYLOAD_BYTES = 1024 * 1024;

class Undone extends Error {}

class Enqueued {
  @Text(1, 100)
  name!: string;

  @Optional()
  @JsonObject({ required: false, maxBytes: PAYLOAD_BYTES })
  payload?: object;

  @Optional()
  @JsonObject({ required: false })
  options?: { delay?: number; job_key?: string };

  /** Of the transaction around it; none for no transaction. */
  @Optional()
  @Enum(['commit', 'rollback'], { required: false })
  end?: 'commit' | 'rollback';
}

/** Queues any task of the lab, as code of a domain would. */
@ApiTags('lab')
@Controller('lab/tasks')
export class LabTasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly transactions: Transactions,
  ) {}

  @Post()
  @BodyLimit({ bytes: PAYLOAD_BYTES })
  @Responds({ operation: 'createLabTask', summary: 'Queue a task of the lab', status: 202 })
  async enqueue(
    @Body() { name, payload = {}, options, end }: Enqueued,
    @CurrentCaller() caller: Caller,
  ): Promise<TaskQueued> {
    const task = labTasks.find((one) => definitionOf(one)!.name === name)!;
    const enqueue = () => this.tasks.enqueue(task, payload, { ...options, owner_user_id: caller.id });
    if (!end) return enqueue();
    let queued!: TaskQueued;
    const work = async () => {
      queued = await enqueue();
      if (end === 'rollback') throw new Undone();
    };
    await this.transactions.run(work).catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
    return queued;
  }
}
