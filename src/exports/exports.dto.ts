import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ExportedTables } from '../platform/database/exported-tables.js';

export class ExportWritten {
  @ApiProperty({
    example: '/users/me/exports/1',
    description: 'Where it can be downloaded, after the prefix of the API',
  })
  path!: string;

  @ApiProperty({ type: 'integer', example: 2_048 })
  characters!: number;
}

/** All that is stored of a user: call it when the domains have been imported. */
export function accountExport(): Type<object> {
  class AccountExport {}
  for (const [name, { as, isOne }] of ExportedTables.declared) {
    ApiProperty({ type: isOne ? as : [as] })(AccountExport.prototype, name);
  }
  return AccountExport;
}
