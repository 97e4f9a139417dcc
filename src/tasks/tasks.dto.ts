import { ApiProperty, PickType } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { Text } from '../http/fields.js';

export const TASK_STATUSES = ['queued', 'delayed', 'active', 'completed', 'failed', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export class TaskCreate {
  @Text(1, 100, { description: 'The name of a registered task', example: 'sample' })
  name!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What the task takes',
    example: { message: 'hello' },
  })
  @IsObject()
  payload!: Record<string, unknown>;
}

export class TaskRead {
  @ApiProperty({ example: '1' }) id!: string;
  @ApiProperty({ example: 'sample' }) name!: string;
  @ApiProperty({ enum: TASK_STATUSES, example: 'completed' }) status!: TaskStatus;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, example: 100 }) progress!: number;
  @ApiProperty({ type: 'integer', example: 1, description: 'How often it was begun' }) attempts!: number;
  @ApiProperty({
    description: 'Whatever the task gives',
    oneOf: ['string', 'number', 'boolean', 'object'].map((type) => ({ type })),
    nullable: true,
    example: 'Task hello is complete!',
  })
  result!: unknown;
  @ApiProperty({ type: String, nullable: true, example: null }) error!: string | null;
  @ApiProperty() created_at!: Date;
  @ApiProperty({ type: Date, nullable: true }) started_at!: Date | null;
  @ApiProperty({ type: Date, nullable: true }) finished_at!: Date | null;
}

export class TaskQueued extends PickType(TaskRead, ['id', 'name', 'status']) {}
