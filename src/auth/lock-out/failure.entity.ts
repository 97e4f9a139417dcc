import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Wrong passwords in a row, by what they count for. */
@Entity('auth_failure')
@Index(['failed_at'])
export class Failure {
  @PrimaryColumn('varchar', { length: 128 })
  key!: string;

  @Column('int')
  failures!: number;

  @Column('timestamptz')
  failed_at!: Date;

  @Column('timestamptz')
  unblocked_at!: Date;
}
