import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { MustBe } from '../validation/rules.js';
import { isPermission } from './permissions.js';

/** Marks a schema that the document gives the names of all permissions, which are known only when all domains are. */
export const OF_PERMISSIONS = 'x-of-permissions';
const MARK: object = { [OF_PERMISSIONS]: true };

/** The name of a permission of any domain. */
export function PermissionName(options: ApiPropertyOptions = {}): PropertyDecorator {
  const isKnown = (value: unknown) => typeof value === 'string' && isPermission(value);
  return applyDecorators(
    ApiProperty({ type: String, ...MARK, ...options }),
    MustBe('the name of a permission', isKnown),
  );
}
