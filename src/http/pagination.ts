import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { SecretConfig } from '../config/secret.config.js';
import { settingsOf } from '../config/settings.js';
import type { ObjectLiteral } from 'typeorm';
import type { Crud, ReadOptions, Selection } from '../database/crud.js';
import { type KeysetPage, keysetPage, type NumberedPage, numberedPage } from '../database/pages.js';
import type { Filter } from '../database/statement.js';
import { IntegerInQuery, Optional } from './fields.js';
import { ValidationFailed } from './http.errors.js';

const ID_BYTES = 8;
const SIGNATURE_BYTES = 8;
const NO_CURSOR = 'after must be a cursor that a page of this list gave as next';

export class PageQuery {
  @IntegerInQuery(1, Number.MAX_SAFE_INTEGER, { required: false, default: 1, description: 'From 1' })
  page: number = 1;

  @IntegerInQuery(1, 100, { required: false, default: 10 })
  items_per_page: number = 10;
}

/** A list that can also be walked with a cursor, at the same cost however deep. */
export class KeysetQuery extends PageQuery {
  @ApiProperty({
    required: false,
    description: 'The cursor of the page before (its `next`), or empty to begin; takes the place of `page`',
  })
  @Optional()
  @Matches(/^[\w-]*$/, { message: NO_CURSOR })
  after?: string;
}

/**
 * A cursor is opaque to clients: it stands for the id of the last row of a page, and is signed for its list.
 * @param list tells lists apart
 */
export function cursorOf(list: string, id: number): string {
  const bytes = Buffer.alloc(ID_BYTES);
  bytes.writeBigUInt64BE(BigInt(id));
  return Buffer.concat([bytes, signatureOf(list, bytes, settingsOf(SecretConfig).SECRET_KEY)]).toString('base64url');
}

/**
 * The id that a cursor of the list stands for; undefined for the empty cursor, which begins a list. Throws
 * `ValidationFailed`.
 */
export function idOf(list: string, cursor: string): number | undefined {
  if (cursor === '') return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const id = bytes.subarray(0, ID_BYTES);
  const { SECRET_KEY, SECRET_KEY_PREVIOUS } = settingsOf(SecretConfig);
  const isOurs = [SECRET_KEY, SECRET_KEY_PREVIOUS].some((key) => key !== undefined && isSigned(list, bytes, key));
  if (isOurs && bytes.toString('base64url') === cursor) return Number(id.readBigUInt64BE());
  throw new ValidationFailed([{ field: 'after', message: NO_CURSOR }]);
}

function isSigned(list: string, bytes: Buffer, key: string): boolean {
  if (bytes.length !== ID_BYTES + SIGNATURE_BYTES) return false;
  return timingSafeEqual(bytes.subarray(ID_BYTES), signatureOf(list, bytes.subarray(0, ID_BYTES), key));
}

function signatureOf(list: string, id: Buffer, key: string): Buffer {
  return createHmac('sha256', key).update(`cursor ${list}\0`).update(id).digest().subarray(0, SIGNATURE_BYTES);
}

/**
 * The page of rows that a query asks for: by cursor if it has one, else by number.
 * @param list tells lists apart, so that a cursor of one is none of another
 */
export function pageOf<E extends ObjectLiteral & { id: number }, T extends { id: number }>(
  crud: Crud<E>,
  list: string,
  where: Filter<E>,
  as: Selection<E, T>,
  { after, page, items_per_page }: KeysetQuery,
  options: ReadOptions = {},
): Promise<NumberedPage<T> | KeysetPage<T>> {
  if (after === undefined) return numberedPage(crud, where, as, { page, items_per_page }, options);
  const keyset = { before: idOf(list, after), items_per_page, cursorOf: (id: number) => cursorOf(list, id) };
  return keysetPage(crud, where, as, keyset, options);
}

abstract class PageFields {
  @ApiProperty({ type: 'integer', example: 2 }) total_count!: number;
  @ApiProperty({ example: false }) has_more!: boolean;
  @ApiProperty({ type: 'integer', example: 10 }) items_per_page!: number;
}

/** The documented body of a list of `item`; `next` stands in place of `page` where the list was asked for by cursor. */
export function PageOf(item: Type<object>, { keyset = false } = {}): Type<object> {
  class Page extends PageFields {
    @ApiProperty({ type: [item] }) data!: object[];
    @ApiProperty({ type: 'integer', required: !keyset, example: 1 }) page!: number;
  }
  class CursorPage extends Page {
    @ApiProperty({ type: String, nullable: true, required: false, example: 'AAAAAAAAAAoPZVVj3ly2Og' }) next!:
      string | null;
  }
  const page = keyset ? CursorPage : Page;
  Object.defineProperty(page, 'name', { value: `${item.name}Page` });
  return page;
}
