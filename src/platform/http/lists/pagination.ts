import { createHash } from 'node:crypto';
import { type Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches, ValidateBy } from 'class-validator';
import { settingsOf } from '../../config/settings.js';
import type { ObjectLiteral } from 'typeorm';
import type { Crud } from '../../database/crud/crud.js';
import type { ReadOptions, Selection } from '../../database/crud/crud.options.js';
import { PagesConfig } from '../../database/crud/pages.config.js';
import { type KeysetPage, keysetPage, type NumberedPage, numberedPage } from '../../database/crud/pages.js';
import type { Filter } from '../../database/crud/filter.js';
import { Optional } from '../validation/fields.js';
import { IntegerInQuery } from '../validation/numbers.js';
import { ValidationFailed } from '../problems/http.errors.js';

const ID_BYTES = 8;
const TAG_BYTES = 4;
const NO_CURSOR = 'after must be empty or the next of a page of this list';

export class PageQuery {
  @SkipsFewRows()
  @IntegerInQuery(1, Number.MAX_SAFE_INTEGER, {
    required: false,
    default: 1,
    description: 'Starts at 1. A page that would skip more than 10,000 rows is refused: use `after` instead',
  })
  page: number = 1;

  @IntegerInQuery(1, 100, { required: false, default: 10 })
  items_per_page: number = 10;
}

/** A list that can also be walked with a cursor, at the same cost however deep. */
export class KeysetQuery extends PageQuery {
  @ApiProperty({
    required: false,
    description: 'Empty for the first page, then the `next` of the page before; replaces `page`',
  })
  @Optional()
  @Matches(/^[\w-]*$/, { message: NO_CURSOR })
  after?: string;

  /** What tells pages apart: a cursor takes the place of the number. */
  toJSON(): object {
    const { page, ...others } = this;
    return this.after === undefined ? { page, ...others } : others;
  }
}

/** Holds a page number against `PAGE_MAX_SKIPPED_ROWS`, unless a cursor takes its place. */
function SkipsFewRows(): PropertyDecorator {
  const most = () => settingsOf(PagesConfig).PAGE_MAX_SKIPPED_ROWS;
  return ValidateBy({
    name: 'skipsFewRows',
    validator: {
      validate(_, field) {
        const { page, items_per_page, after } = field!.object as KeysetQuery;
        // Invalid numbers are refused by their own rule.
        return after !== undefined || !((page - 1) * items_per_page > most());
      },
      defaultMessage: () => `page must not skip more than ${most()} rows: use after instead`,
    },
  });
}

/**
 * A cursor stands for the id of the last row of a page, and is bound to its list. It is opaque but not secret: a
 * made-up cursor only gives what the list shows anyway.
 * @param list tells lists apart
 */
export function cursorOf(list: string, id: number): string {
  const bytes = Buffer.alloc(TAG_BYTES + ID_BYTES);
  tagOf(list).copy(bytes);
  bytes.writeBigUInt64BE(BigInt(id), TAG_BYTES);
  return bytes.toString('base64url');
}

/**
 * The id that a cursor of the list stands for; undefined for the empty cursor, which begins a list. Throws
 * `ValidationFailed`.
 */
export function idOf(list: string, cursor: string): number | undefined {
  if (cursor === '') return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const id = bytes.length === TAG_BYTES + ID_BYTES ? Number(bytes.readBigUInt64BE(TAG_BYTES)) : Number.NaN;
  // Encoding the id again shows whether the cursor is well-formed and belongs to this list.
  if (Number.isSafeInteger(id) && cursorOf(list, id) === cursor) return id;
  throw new ValidationFailed([{ field: 'after', message: NO_CURSOR }]);
}

function tagOf(list: string): Buffer {
  return createHash('sha256').update(list).digest().subarray(0, TAG_BYTES);
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
  { after, page, items_per_page }: Omit<KeysetQuery, 'toJSON'>,
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
    @ApiProperty({ type: String, nullable: true, required: false, example: 'pE8blwAAAAAAAAAK' }) next!: string | null;
  }
  const page = keyset ? CursorPage : Page;
  Object.defineProperty(page, 'name', { value: `${item.name}Page` });
  return page;
}
