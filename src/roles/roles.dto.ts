import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions, PartialType } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { PermissionName } from '../platform/http/access/permission-name.js';
import { Label, Text } from '../platform/http/validation/fields.js';
import { ListOf } from '../platform/http/validation/lists.js';

const NAME = /^[a-z][a-z0-9_]*$/;
const MOST_PERMISSIONS = 100;
const MOST_ROLES = 20;

const RoleName = (options: ApiPropertyOptions = {}) =>
  applyDecorators(
    Text(2, 30, { pattern: NAME.source, example: 'editor', ...options }),
    Matches(NAME, {
      message: ({ property }) => `${property} must consist of lower-case letters, digits and underscores`,
    }),
  );

export class RoleCreate {
  @RoleName()
  name!: string;

  @Label(1, 200, { example: 'Edits what others write' })
  description!: string;

  @ListOf(PermissionName({ example: 'users.read_any' }), { max: MOST_PERMISSIONS, isUnique: true })
  permissions!: string[];
}

export class RoleUpdate extends PartialType(RoleCreate, { skipNullProperties: false }) {}

export class RoleRead {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: 'editor' }) name!: string;
  @ApiProperty({ example: 'Edits what others write' }) description!: string;
  @ApiProperty({ type: 'array', items: { type: 'string' }, example: ['users.read_any'] }) permissions!: string[];
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date }) updated_at!: string;
}

/** The roles of a user: all of them. */
export class UserRoles {
  @ListOf(RoleName(), { max: MOST_ROLES, isUnique: true, description: 'Names of roles' })
  roles!: string[];
}

export class HeldRole {
  @ApiProperty({ example: 'editor' }) name!: string;
  @ApiProperty({ example: 'Edits what others write' }) description!: string;
}

/** A role in the export of an account. */
export class ExportedRole {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ type: HeldRole }) role!: HeldRole;
  @ApiProperty({ type: Date }) created_at!: string;
}
