import { applyDecorators } from '@nestjs/common';
import { Column, Index } from 'typeorm';

/**
 * The column `search_document`, which full-text search looks in. A trigger that its migration makes with
 * `tsvector_update_trigger` keeps it (https://www.postgresql.org/docs/current/textsearch-features.html); nothing else
 * writes it, and reads leave it out.
 */
export function SearchDocument(): PropertyDecorator {
  const ownWay = { nullable: true, select: false, insert: false, update: false };
  return applyDecorators(Column('tsvector', ownWay), Index({ type: 'gin' }));
}
