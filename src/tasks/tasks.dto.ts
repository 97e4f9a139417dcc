import { ApiProperty, PickType } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { Text } from '../platform/http/validation/fields.js';
import { ofTask } from '../platform/queue/of-task.js';
import { ListQuery } from '../platform/http/lists/list-query.js';
import { TASK_STATUSES, TaskRecord, type TaskStatus } from './task.entity.js';

export class TaskCreate {
  @Text(1, 100, { description: 'The name of a registered task', example: 'sample' })
  name!: string;

  @ApiProperty({
    ...ofTask('payload', 'posted'),
    type: 'object',
    additionalProperties: true,
    description: 'The input of the task',
    example: { message: 'hello' },
  })
  @IsObject()
  payload!: Record<string, unknown>;
}

export class TaskRead {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: 'sample' }) name!: string;
  @ApiProperty({ enum: TASK_STATUSES, example: 'completed' }) status!: TaskStatus;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, example: 100 }) progress!: number;
  @ApiProperty({ type: 'integer', example: 1, description: 'How often it was started' }) attempts!: number;
  @ApiProperty({
    ...ofTask('result', 'owned'),
    description: 'The result of the task; null until it has completed',
    oneOf: ['string', 'number', 'boolean', 'object'].map((type) => ({ type })),
    nullable: true,
    example: 'Task hello is complete!',
  })
  result!: unknown;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'Why the last attempt failed' })
  error!: string | null;
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date, nullable: true }) started_at!: string | null;
  @ApiProperty({ type: Date, nullable: true }) finished_at!: string | null;
}

export class TaskQueued extends PickType(TaskRead, ['id', 'name', 'status']) {}

/** A task as its events tell it. */
export class TaskState extends TaskRead {
  @ApiProperty({ type: 'integer' }) version!: number;
}

/** A task as superusers see it. */
export class FullTask extends TaskRead {
  @ApiProperty({
    ...ofTask('payload', 'any'),
    type: 'object',
    additionalProperties: true,
    example: { message: 'hello' },
  })
  payload!: object;
  @ApiProperty({ type: 'integer', nullable: true, example: 1 }) owner_user_id!: number | null;
}

/** A task in the export of its owner. */
export class ExportedTask extends TaskRead {
  @ApiProperty({ ...ofTask('payload', 'owned'), type: 'object', additionalProperties: true }) payload!: object;
  @ApiProperty({ type: Date, nullable: true }) run_at!: string | null;
  @ApiProperty({ type: Date, nullable: true }) expires_at!: string | null;
  @ApiProperty({ type: Date }) updated_at!: string;
}

export class TaskList extends ListQuery(TaskRecord, {
  filter: ['status', 'name'],
  values: { status: TASK_STATUSES },
  sort: ['id'],
}) {}
