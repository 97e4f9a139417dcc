import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { BaseEntity } from '../platform/database/base.entity.js';
import { User } from '../users/user.entity.js';

export const KINDS = ['totp', 'passkey'] as const;
export type Kind = (typeof KINDS)[number];

/** What an account asks for beside its password: an authenticator app, or a passkey, which also stands for both. */
@Entity('second_factor')
@Unique(['credential_id'])
@Index(['user_id', 'id'])
@Index(['sealing_key', 'id'])
@Check('second_factor_kind_check', `kind IN ('totp', 'passkey')`)
@Check('second_factor_secret_check', `(kind = 'totp') = (sealed_secret IS NOT NULL)`)
@Check('second_factor_passkey_check', `(kind = 'passkey') = (credential_id IS NOT NULL AND public_key IS NOT NULL)`)
export class SecondFactor extends BaseEntity {
  @Column('bigint')
  user_id!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User>;

  @Column('varchar', { length: 7 })
  kind!: Kind;

  @Column('varchar', { length: 60 })
  name!: string;

  /** It counts from then on. */
  @Column('timestamptz', { nullable: true })
  confirmed_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  last_used_at!: Date | null;

  /** Of an app: what its codes are made of, encrypted. */
  @Column('bytea', { nullable: true })
  sealed_secret!: Buffer | null;

  /** The id of the key that it is encrypted under. */
  @Column('varchar', { length: 12, nullable: true })
  sealing_key!: string | null;

  /** Of an app: the step of the last code that was used (RFC 6238, 4.2). */
  @Column('bigint', { default: 0 })
  last_step!: number;

  /** Of a passkey, in base64url. */
  @Column('varchar', { length: 1400, nullable: true })
  credential_id!: string | null;

  @Column('bytea', { nullable: true })
  public_key!: Buffer | null;

  /** How often it has been used, if it counts that. */
  @Column('bigint', { default: 0 })
  counter!: number;

  @Column('text', { array: true, default: () => `'{}'` })
  transports!: string[];
}
