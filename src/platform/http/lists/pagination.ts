import { type Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches, ValidateBy } from 'class-validator';
import { settingsOf } from '../../config/settings.js';
import type { ListOptions } from '../../database/crud/crud.options.js';
import { NEWEST_FIRST, type Order } from '../../database/crud/list-order.js';
import { PagesConfig } from '../../database/crud/pages.config.js';
import { Optional } from '../validation/fields.js';
import { IntegerInQuery } from '../validation/numbers.js';
import { NO_CURSOR } from './cursors.js';

/** Which rows of a list a query asks for, and in which order. */
export interface ParsedQuery extends Omit<ListOptions, 'deleted'> {
  where: Record<string, unknown>;
  order: Order;
  /** Whether a text can be what a row has in the order's column. */
  accepts: (value: string) => boolean;
}

const CURSOR = /^[A-Za-z0-9_-]*$/;
const ALL: ParsedQuery = { where: {}, order: NEWEST_FIRST, accepts: () => false };

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
    pattern: CURSOR.source,
    description: 'Empty for the first page, then the `next` of the page before; replaces `page`',
  })
  @Optional()
  @Matches(CURSOR, { message: NO_CURSOR })
  after?: string;

  /** All rows, newest first; see `ListQuery`. */
  parsed(): ParsedQuery {
    return ALL;
  }

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

abstract class PageFields {
  @ApiProperty({ type: 'integer', example: 2 }) total_count!: number;
  @ApiProperty({ example: false }) has_more!: boolean;
  @ApiProperty({ type: 'integer', example: 10 }) items_per_page!: number;
}

/** Marks a documented property that only one kind of page has. */
export const PAGE_KIND = 'x-page-kind';

const onlyIn = (kind: 'NumberedPage' | 'CursorPage'): object => ({ required: false, [PAGE_KIND]: kind });

/** The documented body of a list of `item`; `next` stands in place of `page` where the list was asked for by cursor. */
export function PageOf(item: Type<object>, { keyset = false } = {}): Type<object> {
  class Page extends PageFields {
    @ApiProperty({ type: [item] }) data!: object[];
    @ApiProperty({ type: 'integer', example: 1, ...(keyset && onlyIn('NumberedPage')) })
    page!: number;
  }
  class CursorPage extends Page {
    @ApiProperty({
      ...onlyIn('CursorPage'),
      type: String,
      nullable: true,
      example: 'pE8blwAAAAAAAAAK',
      description: 'Asks for the next page as `after`; null on the last one',
    })
    next!: string | null;
  }
  const page = keyset ? CursorPage : Page;
  Object.defineProperty(page, 'name', { value: `${item.name}Page` });
  return page;
}
