import type { Type } from '@nestjs/common';
import { SCHEMA_FOLDERS } from '../../src/platform/database/data-source.js';

SCHEMA_FOLDERS.entities.push('test/lab');
SCHEMA_FOLDERS.migrations.push('test/lab/migrations');

/** Adds a module to one of the program's, before that is put together. */
export function extend(module: Type, added: Type): void {
  const imports = Reflect.getMetadata('imports', module) as unknown[];
  Reflect.defineMetadata('imports', [...imports, added], module);
}
