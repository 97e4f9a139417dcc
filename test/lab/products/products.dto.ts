import { ApiProperty, OmitType, PartialType } from '@nestjs/swagger';
import { Email, Label, Nullable, Optional, Text, WebAddress } from '../../../src/platform/http/validation/fields.js';
import { Decimal, Integer } from '../../../src/platform/http/validation/numbers.js';
import { ListOf } from '../../../src/platform/http/validation/lists.js';
import { JsonObject, ListOfNested, Nested } from '../../../src/platform/http/validation/objects.js';
import { Day, Instant } from '../../../src/platform/http/validation/times.js';
import { Bool, Enum, Uuid } from '../../../src/platform/http/validation/values.js';
import { ListQuery } from '../../../src/platform/http/lists/list-query.js';
import { CURRENCIES, type Currency, LabProduct, type Status, STATUSES } from './product.entity.js';

const OPTIONAL = { required: false, nullable: true } as const;

export class Named {
  @Label(1, 40, { example: 'Bicycles' })
  name!: string;
}

export class NamedRead extends Named {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
}

export class Dimensions {
  @Integer(1, 100_000, { example: 1_800 })
  width_mm!: number;

  @Integer(1, 100_000, { example: 1_050 })
  height_mm!: number;
}

export class LabProductCreate {
  @Text(1, 20, { example: 'TB-1885' })
  sku!: string;

  @Label(1, 80, { example: 'Rover safety bicycle' })
  name!: string;

  @Nullable()
  @Text(1, 2000, { ...OPTIONAL, type: String, example: 'With two wheels of the same size.' })
  description?: string | null;

  @Integer(0, 2_147_483_647, { example: 12_900 })
  price_cents!: number;

  @Enum(CURRENCIES, { example: 'EUR' })
  currency!: Currency;

  @Optional()
  @Enum(STATUSES, { required: false, default: 'draft', example: 'active' })
  status?: Status;

  @Nullable()
  @Decimal(10, 3, { ...OPTIONAL, example: '16.500' })
  weight_kg?: string | null;

  @Optional()
  @Integer(0, 1_000_000, { required: false, default: 0, example: 12 })
  stock?: number;

  @Optional()
  @Bool({ required: false, default: false })
  is_featured?: boolean;

  @Nullable()
  @Day(OPTIONAL)
  available_from_date?: string | null;

  @Nullable()
  @Instant(OPTIONAL)
  reviewed_at?: Date | null;

  @Optional()
  @ListOf(Text(1, 20, { example: 'black' }), { max: 10, isUnique: true, required: false })
  colors?: string[];

  @Optional()
  @ListOf(Integer(1, 10_000, { example: 560 }), { max: 20, required: false })
  sizes_mm?: number[];

  @Nullable()
  @Nested(Dimensions, OPTIONAL)
  dimensions?: Dimensions | null;

  @Optional()
  @JsonObject({ maxBytes: 1_024, required: false, example: { gears: 1 } })
  attributes?: object;

  @Nullable()
  @Email({ ...OPTIONAL, type: String, example: 'help@example.com' })
  support_email?: string | null;

  @Nullable()
  @WebAddress({ ...OPTIONAL, type: String, example: 'https://example.com/rover' })
  website_url?: string | null;

  @Nullable()
  @Uuid(OPTIONAL)
  external_uuid?: string | null;

  @Nullable()
  @Integer(1, Number.MAX_SAFE_INTEGER, { ...OPTIONAL, example: 1 })
  category_id?: number | null;
}

export class LabProductUpdate extends PartialType(LabProductCreate, { skipNullProperties: false }) {}

export class LabProductRead {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: 'TB-1885' }) sku!: string;
  @ApiProperty({ example: 'Rover safety bicycle' }) name!: string;
  @ApiProperty({ type: String, nullable: true, example: 'With two wheels.' }) description!: string | null;
  @ApiProperty({ type: 'integer', example: 12_900 }) price_cents!: number;
  @ApiProperty({ type: String, enum: CURRENCIES, example: 'EUR' }) currency!: Currency;
  @ApiProperty({ type: String, enum: STATUSES, example: 'active' }) status!: Status;
  @ApiProperty({ type: String, format: 'decimal', nullable: true, example: '16.500' }) weight_kg!: string | null;
  @ApiProperty({ type: 'integer', example: 12 }) stock!: number;
  @ApiProperty({ example: false }) is_featured!: boolean;
  @ApiProperty({ type: String, format: 'date', nullable: true }) available_from_date!: string | null;
  @ApiProperty({ type: Date, nullable: true }) reviewed_at!: string | null;
  @ApiProperty({ type: [String], example: ['black'] }) colors!: string[];
  @ApiProperty({ type: 'array', items: { type: 'integer' }, example: [560] }) sizes_mm!: number[];
  @ApiProperty({ type: Dimensions, nullable: true }) dimensions!: Dimensions | null;
  @ApiProperty({ type: 'object', additionalProperties: true, example: { gears: 1 } }) attributes!: object;
  @ApiProperty({ type: String, nullable: true, example: 'help@example.com' }) support_email!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'https://example.com/rover' }) website_url!: string | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) external_uuid!: string | null;
  @ApiProperty({ type: 'integer', nullable: true, example: 1 }) category_id!: number | null;
  @ApiProperty({ type: 'integer', example: 1 }) created_by_user_id!: number;
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date }) updated_at!: string;
}

export class LabProductCreator {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: 'ada' }) username!: string;
}

/** A product with the rows that it points to, not after all columns. */
export class LabProductWithRelations extends OmitType(LabProductRead, ['updated_at']) {
  @ApiProperty({ type: NamedRead, nullable: true }) category!: NamedRead | null;
  @ApiProperty() creator!: LabProductCreator;
  @ApiProperty({ type: Date }) updated_at!: string;
}

/** What a tag of a product is read as. */
export class LabProductTagRead {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty() tag!: NamedRead;
}

export class LabProductTags {
  @ListOf(Integer(1, Number.MAX_SAFE_INTEGER, { example: 1 }), { max: 20, isUnique: true })
  tag_ids!: number[];
}

export class LabProductBatch {
  @ListOfNested(LabProductCreate, { min: 1, max: 100 })
  products!: LabProductCreate[];
}

export class LabProductReplace extends OmitType(LabProductCreate, ['sku']) {}

export class StockChange {
  @Integer(-1_000, 1_000, { example: -2 })
  by!: number;
}

export class StatusChange {
  @Enum(STATUSES, { example: 'draft' })
  from!: Status;

  @Enum(STATUSES, { example: 'active' })
  to!: Status;
}

export class StatusCount {
  @ApiProperty({ type: String, enum: STATUSES, example: 'active' }) value!: Status;
  @ApiProperty({ type: 'integer', example: 3 }) count!: number;
}

export class LabProductFigures {
  @ApiProperty({ type: 'integer', example: 42 }) stock!: number;
  @ApiProperty({ type: String, format: 'decimal', example: '16.500' }) weight_kg!: string;
  @ApiProperty({ type: 'integer', nullable: true, example: 900 }) cheapest_cents!: number | null;
  @ApiProperty({ type: String, format: 'date', nullable: true }) last_available_date!: string | null;
  @ApiProperty({ type: [StatusCount] }) statuses!: StatusCount[];
}

export class LabProductList extends ListQuery(LabProduct, {
  filter: [
    'name',
    'price_cents',
    'currency',
    'status',
    'weight_kg',
    'is_featured',
    'available_from_date',
    'reviewed_at',
    'colors',
    'sizes_mm',
    'external_uuid',
    'category_id',
  ],
  values: { currency: CURRENCIES, status: STATUSES },
  sort: ['id', 'name', 'price_cents', 'weight_kg', 'available_from_date', 'reviewed_at'],
  search: { columns: ['name', 'description'] },
}) {}
