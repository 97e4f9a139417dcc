import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { BaseEntity } from '../platform/database/base.entity.js';
import { User } from '../users/user.entity.js';

export const TASK_STATUSES = ['queued', 'delayed', 'active', 'completed', 'failed', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** A task from the moment that it is asked for: the queue learns of it afterwards, and can be filled again from here. */
@Entity('task')
@Index(['name', 'job_key'], { unique: true, where: 'job_key IS NOT NULL' })
@Index(['owner_user_id', 'id'], { where: 'owner_user_id IS NOT NULL' })
@Index(['status', 'id'])
@Index(['name', 'id'])
// What waits for the queue: the tasks of users to be done now, each user's apart, and the rest.
@Index(['owner_user_id', 'relayed_at', 'id'], {
  where: 'owner_user_id IS NOT NULL AND run_at IS NULL AND finished_at IS NULL',
})
@Index(['relayed_at', 'id'], { where: 'relayed_at IS NULL AND (owner_user_id IS NULL OR run_at IS NOT NULL)' })
@Index(['expires_at'], { where: 'expires_at IS NOT NULL' })
export class TaskRecord extends BaseEntity {
  @Column('varchar', { length: 100 })
  name!: string;

  @Column('varchar', { length: 9, default: 'queued' })
  status!: TaskStatus;

  @Column('jsonb')
  payload!: object;

  @Column('bigint', { nullable: true })
  owner_user_id!: number | null;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'owner_user_id' })
  owner!: Relation<User> | null;

  /** Of two tasks of one name with the same key, only the first is queued. */
  @Column('varchar', { length: 200, nullable: true })
  job_key!: string | null;

  /** Not before this instant. */
  @Column('timestamptz', { nullable: true })
  run_at!: Date | null;

  /** When the queue was told; null while it has to be. */
  @Column('timestamptz', { nullable: true })
  relayed_at!: Date | null;

  /**
   * Grows when it is queued anew, after it had failed or got lost. It begins with the time, as a Redis may remember tasks
   * of a database that is no more.
   */
  @Column('bigint', { default: () => 'EXTRACT(epoch FROM now())' })
  round!: number;

  @Column('smallint', { default: 0 })
  progress!: number;

  @Column('int', { default: 0 })
  attempts!: number;

  @Column('jsonb', { nullable: true })
  result!: unknown;

  @Column('text', { nullable: true })
  error!: string | null;

  @Column('timestamptz', { nullable: true })
  started_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  finished_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;

  /** What its runs belong to (https://www.w3.org/TR/trace-context), if it was put while there were traces. */
  @Column('varchar', { length: 55, nullable: true })
  traceparent!: string | null;

  /** Grows with each change that its owner can see. */
  @Column('int', { default: 1 })
  version!: number;
}

/** An effect that a task has had, and must not have again. */
@Entity('task_effect')
export class TaskEffect {
  @PrimaryColumn('bigint')
  task_id!: number;

  @PrimaryColumn('varchar', { length: 100 })
  name!: string;

  @ManyToOne(() => TaskRecord, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'task_id' })
  task!: Relation<TaskRecord>;
}

/** Up to when a schedule has been followed, by whichever worker. */
@Entity('task_schedule')
export class TaskSchedule {
  @PrimaryColumn('varchar', { length: 100 })
  name!: string;

  @Column('timestamptz')
  last_due_at!: Date;
}
