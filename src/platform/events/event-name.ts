import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { MustBe } from '../http/validation/rules.js';
import { definitions } from './event.js';

/** Marks a schema that the document gives the names of all events, which are known only when all domains are. */
export const OF_EVENTS = 'x-of-events';
const MARK: object = { [OF_EVENTS]: true };

/** The name of an event of any domain. */
export function EventName(options: ApiPropertyOptions = {}): PropertyDecorator {
  const isKnown = (value: unknown) => definitions().some(({ name }) => name === value);
  return applyDecorators(ApiProperty({ type: String, ...MARK, ...options }), MustBe('the name of an event', isKnown));
}
