import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { AS_WRITTEN, IN_LANGUAGE } from '../../database/crud/search.js';
import { Optional } from '../validation/fields.js';
import { MustBe } from '../validation/rules.js';

const MAX_LENGTH = 200;
const EXCLUDED = /(^|\s)-("[^"]*("|$)|\S+)/g;
const ALTERNATIVE = /(^|\s)or(?=\s|$)/gi;
const WORD = /[\p{L}\p{N}]/u;

/** The columns that are searched, as a trigger of the table puts them into `search_document`. */
export interface SearchDeclaration<E> {
  columns: readonly (keyof E & string)[];
  /** Words as they are, for names and codes, rather than words in a language. */
  asWritten?: boolean;
  /** Whether the last word may go on. */
  prefix?: boolean;
}

/** The column of an entity that full-text search looks in. */
const DOCUMENT = 'search_document';

/** A text to search for, in the syntax of `websearch_to_tsquery`. */
export function SearchWords({ columns, prefix }: SearchDeclaration<never>): PropertyDecorator {
  const places = columns.map((column) => `\`${column}\``).join(' or ');
  const words = 'Words that must all occur, "words in quotes" that must follow each other, `or` between alternatives, ';
  const description = `What to look for in ${places}. ${words}\`-\` before what must not occur${prefix ? '; the last word may go on' : ''}`;
  return applyDecorators(
    ApiProperty({
      type: 'string',
      minLength: 1,
      maxLength: MAX_LENGTH,
      required: false,
      description,
      example: 'engine',
    }),
    Optional(),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.trim().replace(/\s+/g, ' ') : value,
    ),
    MustBe(`a text of at most ${MAX_LENGTH} characters with a word to look for`, isSearch),
  );
}

/** The condition that a row has what is looked for. */
export function conditionOf({ asWritten, prefix }: SearchDeclaration<never>, words: string): Record<string, object> {
  const searched = { [asWritten ? AS_WRITTEN : IN_LANGUAGE]: words };
  return { [DOCUMENT]: prefix ? { begins: searched } : { matches: searched } };
}

function isSearch(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return false;
  return WORD.test(value.replace(EXCLUDED, ' ').replace(ALTERNATIVE, ' '));
}
