import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { TaskRecord } from '../tasks/task.entity.js';

/** A piece of a user's exported data; all pieces in their order are one JSON text. They go with their task. */
@Entity('user_export_part')
export class AccountExportPart {
  @PrimaryColumn('bigint')
  task_id!: number;

  @PrimaryColumn('int')
  place!: number;

  @ManyToOne(() => TaskRecord, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'task_id' })
  task!: Relation<TaskRecord>;

  @Column('text')
  text!: string;
}
