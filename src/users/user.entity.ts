import { Check, Column, Entity, Unique } from 'typeorm';
import { SoftDeletable } from '../platform/database/base.entity.js';

export const DEFAULT_PROFILE_IMAGE_URL = 'https://www.profileimageurl.com';

@Entity('user')
@Unique(['username'])
@Unique(['email'])
@Check('user_username_check', `username ~ '^[a-z0-9]{2,20}$'`)
@Check('user_email_check', `email = lower(email) AND email IS NFC NORMALIZED AND email ~ '@[!-~]+$'`)
export class User extends SoftDeletable {
  @Column('varchar', { length: 30 })
  name!: string;

  @Column('varchar', { length: 20 })
  username!: string;

  @Column('varchar', { length: 254 })
  email!: string;

  @Column('varchar', { length: 60 })
  hashed_password!: string;

  @Column('varchar', { length: 2048, default: DEFAULT_PROFILE_IMAGE_URL })
  profile_image_url!: string;

  @Column('boolean', { default: false })
  is_superuser!: boolean;
}
