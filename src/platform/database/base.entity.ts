import { Column, PrimaryGeneratedColumn } from 'typeorm';

export abstract class BaseEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: number;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}

/** Rows that disappear from every read, and can be restored, before they are gone for good. */
export abstract class SoftDeletable extends BaseEntity {
  @Column('boolean', { default: false })
  is_deleted!: boolean;

  @Column('timestamptz', { nullable: true })
  deleted_at!: Date | null;
}
