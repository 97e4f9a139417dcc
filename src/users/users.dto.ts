import { ApiProperty, OmitType, PartialType, PickType } from '@nestjs/swagger';
import { IsBoolean, IsNotIn } from 'class-validator';
import {
  CurrentPassword,
  Email,
  Label,
  LowerAlphanumeric,
  Optional,
  Password,
  Text,
  WebAddress,
} from '../platform/http/validation/fields.js';
import { ListQuery } from '../platform/http/lists/list-query.js';
import { DEFAULT_PROFILE_IMAGE_URL, RESERVED_USERNAMES, User } from './user.entity.js';

export class UserCreate {
  @Label(2, 30, { example: 'Ada Lovelace' })
  name!: string;

  @Text(2, 20, { pattern: '^[a-z0-9]+$', example: 'ada' })
  @LowerAlphanumeric()
  @IsNotIn(RESERVED_USERNAMES, { message: 'username is reserved' })
  username!: string;

  @Email({ example: 'ada@example.com' })
  email!: string;

  @Password(8, 128, { example: 'Analytical-Engine-1843' })
  password!: string;

  @Optional()
  @WebAddress({ required: false, default: DEFAULT_PROFILE_IMAGE_URL, example: 'https://example.com/ada.png' })
  profile_image_url?: string;
}

export class UserUpdate extends PartialType(OmitType(UserCreate, ['password']), { skipNullProperties: false }) {}

export class OwnUpdate extends UserUpdate {
  @CurrentPassword('to change `email`')
  current_password?: string;
}

export class OwnDeletion {
  @CurrentPassword('to delete the account')
  current_password?: string;
}

export class AccountUpdate extends UserUpdate {
  @ApiProperty({ required: false })
  @Optional()
  @IsBoolean()
  is_superuser?: boolean;
}

/** An account as its owner and superusers see it. */
export class Account {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: 'Ada Lovelace' }) name!: string;
  @ApiProperty({ example: 'ada' }) username!: string;
  @ApiProperty({ example: 'ada@example.com' }) email!: string;
  @ApiProperty({
    type: Date,
    nullable: true,
    example: null,
    description: 'Since when it is known that the owner reads what is sent to this address',
  })
  email_verified_at!: string | null;
  @ApiProperty({ example: DEFAULT_PROFILE_IMAGE_URL }) profile_image_url!: string;
  @ApiProperty({ example: false }) is_superuser!: boolean;
  @ApiProperty({ type: Date }) created_at!: string;
}

declare module '../platform/http/access/caller.js' {
  interface Caller extends Account {}
}

/** An account as its owner reads it. */
export class OwnAccount extends Account {
  @ApiProperty({
    type: 'array',
    items: { type: 'string' },
    example: ['users.read_any'],
    description: 'What the owner may do besides what every user may, in order: superusers hold everything',
  })
  permissions!: string[];
}

/** What everyone sees of a user. */
export class Profile extends PickType(Account, ['id', 'name', 'username', 'profile_image_url']) {}

/** An account with all that superusers see. */
export class FullAccount extends Account {
  @ApiProperty({ type: Date }) updated_at!: string;
  @ApiProperty({ example: false }) is_deleted!: boolean;
  @ApiProperty({ type: Date, nullable: true }) deleted_at!: string | null;
}

/** An account in the export of its owner. */
export class ExportedAccount extends Account {
  @ApiProperty({ type: Date }) updated_at!: string;
}

const search = { columns: ['name', 'username'], asWritten: true, prefix: true } as const;

export class UserList extends ListQuery(User, { search }) {}

export class AccountList extends ListQuery(User, {
  filter: ['is_superuser', 'is_deleted', 'created_at', 'deleted_at'],
  sort: ['id', 'created_at'],
  search,
}) {}
