import type { ApiPropertyOptions } from '@nestjs/swagger';

/** What a parameter takes. Two texts that mean the same value become the same. */
export interface QueryValue {
  /** As in "must be …". */
  expects: string;
  schema: ApiPropertyOptions & { type: 'string' | 'integer' | 'number' | 'boolean' };
  /** Whether one value can be larger than another. */
  isOrdered: boolean;
  /** Undefined for a text that is no such value. */
  parse(text: string): string | number | boolean | undefined;
}
