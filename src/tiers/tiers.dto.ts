import { ApiProperty, PartialType } from '@nestjs/swagger';
import { ListOfNested } from '../platform/http/validation/objects.js';
import { MustBe } from '../platform/http/validation/rules.js';
import { Integer } from '../platform/http/validation/numbers.js';
import { Text } from '../platform/http/validation/fields.js';
import { MAX_PERIOD_SECONDS, MAX_REQUESTS } from '../platform/limits/rates/limits.config.js';
import { isRoutePattern, ROUTE_PATTERN, type RouteLimit } from '../platform/limits/rates/route-limits.js';
import { TIER_NAME } from './tier.entity.js';

const MOST_LIMITS = 50;
const ROUTE_LENGTH = 200;

export class TierLimit implements RouteLimit {
  @Text(1, ROUTE_LENGTH, {
    pattern: ROUTE_PATTERN.source,
    example: 'POST /api/v1/tasks',
    description:
      '`*`, or a method or `*` and a path as in this document, which may end in `*`; of those that fit, the longest',
  })
  @MustBe('* alone, or a method or *, a blank, and a path, which may end in *', isRoutePattern)
  route!: string;

  @Integer(1, MAX_REQUESTS, { example: 100, description: 'So many requests of all these routes together' })
  limit!: number;

  @Integer(1, MAX_PERIOD_SECONDS, { example: 60, description: 'Seconds' })
  period!: number;
}

const areApart = (limits: unknown) =>
  !Array.isArray(limits) || new Set(limits.map((one: TierLimit | null) => one?.route)).size === limits.length;

export class TierCreate {
  @Text(1, 30, { pattern: TIER_NAME.source, example: 'premium' })
  @MustBe('of small letters, digits, _ and -, and begin with a letter or digit', isName, 'name')
  name!: string;

  @ListOfNested(TierLimit, { max: MOST_LIMITS })
  @MustBe('a list in which no route comes twice', areApart, 'apart')
  limits!: TierLimit[];
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && TIER_NAME.test(value);
}

export class TierUpdate extends PartialType(TierCreate, { skipNullProperties: false }) {}

export class TierRead {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: 'premium' }) name!: string;
  @ApiProperty({ type: [TierLimit] }) limits!: TierLimit[];
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date }) updated_at!: string;
}

/** Which tier an account is to have. */
export class TierChoice {
  @Integer(1, Number.MAX_SAFE_INTEGER, { example: 1 })
  tier_id!: number;
}
