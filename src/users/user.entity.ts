import { Check, Column, Entity, Index, Unique } from 'typeorm';
import { SoftDeletable } from '../platform/database/base.entity.js';
import { SearchDocument } from '../platform/database/search-document.js';

// Paths of their own: /users/me, /admin.
export const RESERVED_USERNAMES = ['me', 'admin'];

export const DEFAULT_PROFILE_IMAGE_URL = 'https://www.profileimageurl.com';

@Entity('user')
@Unique(['username'])
@Unique(['email'])
@Index(['created_at', 'id'])
@Index(['is_superuser', 'id'], { where: 'is_superuser' })
@Index(['is_deleted', 'id'], { where: 'is_deleted' })
@Index(['deleted_at', 'id'], { where: 'deleted_at IS NOT NULL' })
@Check('user_username_check', `username ~ '^[a-z0-9]{2,20}$'`)
@Check('user_email_check', `email = lower(email) AND email IS NFC NORMALIZED AND email ~ '@[!-~]+$'`)
export class User extends SoftDeletable {
  @Column('varchar', { length: 30 })
  name!: string;

  @Column('varchar', { length: 20 })
  username!: string;

  @SearchDocument()
  search_document!: string;

  @Column('varchar', { length: 254 })
  email!: string;

  @Column('timestamptz', { nullable: true })
  email_verified_at!: Date | null;

  /** Null where there is no password: the owner signs in by other means. */
  @Column('varchar', { length: 60, nullable: true })
  hashed_password!: string | null;

  @Column('varchar', { length: 2048, default: DEFAULT_PROFILE_IMAGE_URL })
  profile_image_url!: string;

  @Column('boolean', { default: false })
  is_superuser!: boolean;
}

/** What an account begins with. */
export type NewUser = Pick<User, 'name' | 'username' | 'email'> &
  Partial<Pick<User, 'email_verified_at' | 'hashed_password' | 'profile_image_url'>>;
