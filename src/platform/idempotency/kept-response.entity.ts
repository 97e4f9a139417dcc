import { Column, Entity, Index, Unique } from 'typeorm';
import { BaseEntity } from '../database/base.entity.js';

/** What a request with an idempotency key was answered with. The primary key says nothing of the idempotency key. */
@Entity('kept_response')
@Unique(['key_hash'])
@Index(['owner', 'byte_count'])
@Index(['created_at'])
export class KeptResponse extends BaseEntity {
  /** A user or an address. */
  @Column('varchar', { length: 60 })
  owner!: string;

  /** SHA-256 of owner and key. */
  @Column('bytea')
  key_hash!: Buffer;

  /** Sealed, with what tells the request from others. */
  @Column('bytea')
  sealed!: Buffer;

  @Column('int')
  byte_count!: number;
}
