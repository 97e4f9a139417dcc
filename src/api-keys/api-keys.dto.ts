import { ApiProperty, PartialType, PickType } from '@nestjs/swagger';
import type { Permission } from '../platform/http/access/permissions.js';
import { PermissionName } from '../platform/http/access/permission-name.js';
import { ListQuery } from '../platform/http/lists/list-query.js';
import { Label, Nullable } from '../platform/http/validation/fields.js';
import { ListOf } from '../platform/http/validation/lists.js';
import { Instant } from '../platform/http/validation/times.js';
import { ApiKey } from './api-key.entity.js';

const MOST_PERMISSIONS = 100;

export class ApiKeyCreate {
  @Label(1, 60, { example: 'Nightly import' })
  name!: string;

  @Nullable()
  @ListOf(PermissionName(), {
    max: MOST_PERMISSIONS,
    isUnique: true,
    required: false,
    nullable: true,
    description: 'Those that you hold and that the key needs; without it, the key may do whatever you may',
  })
  permissions?: Permission[] | null;

  @Nullable()
  @Instant({
    required: false,
    nullable: true,
    description: 'In the future; without it, the key is good until it is revoked',
  })
  expires_at?: Date | null;
}

export class ApiKeyUpdate extends PartialType(PickType(ApiKeyCreate, ['name']), { skipNullProperties: false }) {}

export class ApiKeyRead {
  @ApiProperty({ type: 'integer', example: 12 }) id!: number;
  @ApiProperty({ example: 'Nightly import' }) name!: string;
  @ApiProperty({
    type: 'array',
    items: { type: 'string' },
    nullable: true,
    example: null,
    description: 'Null if it may do whatever its owner may. Those that the owner does not hold are without effect',
  })
  permissions!: string[] | null;
  @ApiProperty({ type: Date, nullable: true }) expires_at!: string | null;
  @ApiProperty({ type: Date, nullable: true, description: 'To the minute, and late by up to another one' })
  last_used_at!: string | null;
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date }) updated_at!: string;
}

/** A key with its text, which is shown only when it is made. */
export class ApiKeyWithText extends ApiKeyRead {
  @ApiProperty({
    example: 'ma_12_0fGkqX9ZbTn4VYcWJ2sLrE7uPdM3hAo8KiQyRzNxBt51wDv2S',
    description: 'To send as `Authorization: Bearer …` or `X-API-Key: …`. It is not shown again',
  })
  key!: string;
}

/** A key of anybody, for superusers. */
export class AnyApiKey extends ApiKeyRead {
  @ApiProperty({ type: 'integer', example: 1 }) created_by_user_id!: number;
}

export class AnyApiKeyList extends ListQuery(ApiKey, { filter: ['created_by_user_id'] }) {}

/** A key in the export of its owner. */
export class ExportedApiKey extends ApiKeyRead {
  @ApiProperty() is_deleted!: boolean;
  @ApiProperty({ type: Date, nullable: true }) deleted_at!: string | null;
}
