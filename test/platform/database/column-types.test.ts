/** Columns of every type that node-postgres, TypeORM or JSON see differently: written, read, looked for, changed. */
import { ApiProperty } from '@nestjs/swagger';
import {
  Column,
  type DataSource,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  type Relation,
  Unique,
} from 'typeorm';
import { SoftDeletable } from '../../../src/platform/database/base.entity.js';
import { Crud } from '../../../src/platform/database/crud/crud.js';
import type { Filter } from '../../../src/platform/database/crud/filter.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { createEntities, type Entities } from '../../support/entities.js';

@Entity()
@Unique(['code'])
class Maker extends SoftDeletable {
  @Column('text') code!: string;
  @OneToMany(() => Thing, (thing) => thing.maker) things!: Relation<Thing>[];
}

@Entity()
class Thing extends SoftDeletable {
  @Column('text', { nullable: true }) text!: string | null;
  @Column('int', { nullable: true }) int!: number | null;
  @Column('bigint', { nullable: true }) bigint!: number | null;
  @Column('numeric', { precision: 30, scale: 10, nullable: true }) numeric!: string | null;
  @Column('boolean', { nullable: true }) boolean!: boolean | null;
  @Column('date', { nullable: true }) made_date!: string | null;
  @Column('timestamptz', { nullable: true }) seen_at!: Date | null;
  @Column('interval', { nullable: true }) interval!: string | null;
  @Column('uuid', { nullable: true }) uuid!: string | null;
  @Column('enum', { enum: ['a', 'b'], nullable: true }) enum!: string | null;
  @Column('jsonb', { nullable: true }) jsonb!: object | null;
  @Column('text', { array: true, nullable: true }) texts!: string[] | null;
  @Column('varchar', { array: true, length: 9, nullable: true }) varchars!: string[] | null;
  @Column('int', { array: true, nullable: true }) ints!: number[] | null;
  @Column('bigint', { array: true, nullable: true }) bigints!: number[] | null;
  @Column('numeric', { array: true, nullable: true }) numerics!: string[] | null;
  @Column('date', { array: true, nullable: true }) dates!: string[] | null;
  @Column('uuid', { array: true, nullable: true }) uuids!: string[] | null;
  // The name is a word of SQL.
  @Column('int', { default: 0 }) order!: number;
  @Column('bigint', { nullable: true }) maker_id!: number | null;

  @ManyToOne(() => Maker, { nullable: true })
  @JoinColumn({ name: 'maker_id' })
  maker!: Relation<Maker> | null;
}

/** With names that nobody has given. */
@Entity()
class HeavyTool {
  @PrimaryColumn('int') id!: number;
  @ManyToOne(() => Maker) mainMaker!: Relation<Maker>;
  @ManyToMany(() => Maker) @JoinTable() otherMakers!: Relation<Maker>[];
}

let entities: Entities;
let dataSource: DataSource;
let things: Crud<Thing>;
let makers: Crud<Maker>;
beforeAll(async () => {
  entities = await createEntities(Maker, Thing, HeavyTool);
  ({ dataSource } = entities);
  things = new Crud(Thing, entities.doors);
  makers = new Crud(Maker, entities.doors);
});
afterAll(() => entities.close());

const UUID = '0198f0a3-5f0e-7c1b-9d53-2f6a1c0b7e44';
const INSTANT = new Date('2027-01-31T09:30:00.123Z');

const VALUES: [column: string, value: unknown, others: Filter<Thing>[]][] = [
  ['text', `it's "so"`, [{ text: ['x', `it's "so"`] }, { text: { not: 'x' } }, { text: { not: null } }]],
  ['int', -5, [{ int: { lt: -4, gte: -5 } }, { int: [1, -5] }]],
  ['bigint', Number.MAX_SAFE_INTEGER, [{ bigint: { gt: 2 ** 31 } }]],
  ['numeric', '12345678901234567890.0123456789', [{ numeric: { gt: '12345678901234567890' } }]],
  ['boolean', false, [{ boolean: { not: true } }]],
  ['made_date', '2027-01-31', [{ made_date: { gte: '2027-01-31', lt: '2027-02-01' } }, { made_date: ['2027-01-31'] }]],
  ['made_date', '0001-01-01', []],
  ['seen_at', INSTANT, [{ seen_at: { lte: INSTANT } }, { seen_at: [INSTANT] }]],
  ['interval', '1 day 02:00:00', []],
  ['uuid', UUID, [{ uuid: [UUID] }]],
  ['enum', 'b', [{ enum: ['a', 'b'] }, { enum: { not: 'a' } }]],
];
const LISTS: [column: string, value: unknown, others: Filter<Thing>[]][] = [
  ['texts', ['a', 'b,"c"', '{}'], [{ texts: 'a' }, { texts: ['x', 'b,"c"'] }]],
  ['varchars', ['a', 'b'], [{ varchars: 'b' }, { varchars: ['b', 'x'] }]],
  ['ints', [1, 2], [{ ints: 2 }, { ints: [2, 3] }]],
  ['bigints', [1, 2 ** 40], [{ bigints: 2 ** 40 }, { bigints: [2 ** 40] }]],
  ['numerics', ['0.1', '12345678901234567890.01'], [{ numerics: '0.10' }]],
  ['dates', ['2027-01-31'], [{ dates: '2027-01-31' }]],
  ['uuids', [UUID], [{ uuids: UUID }, { uuids: [UUID] }]],
];

describe.each([...VALUES, ...LISTS])('%s of %j', (column, value, others) => {
  const isList = Array.isArray(value);

  test('is read as it was written, and changed', async () => {
    const { id } = await things.create({ [column]: value }, ['id'] as const);
    const columns = [column] as (keyof Thing)[] as [];
    expect(await things.get({ id }, columns)).toEqual({ [column]: value });
    expect(await things.update({ id }, { [column]: null }, columns)).toEqual({ [column]: null });
    expect(await things.update({ id }, { [column]: value }, columns)).toEqual({ [column]: value });
  });

  test.each([...(isList ? [] : [{ [column]: value }]), ...others])(
    'is found by %j, for reads and writes',
    async (filter) => {
      const where: Filter<Thing> = filter;
      const { id } = await things.create({ [column]: value }, ['id'] as const);
      const { id: other } = await things.create({}, ['id'] as const);
      expect(await things.exists({ ...where, id })).toBe(true);
      expect(await things.exists({ ...where, id: other })).toBe(false);
      expect(await things.exists({ [column]: null, id: other })).toBe(true);
      expect(await things.update({ ...where, id: other }, { order: 1 }, ['order'] as const)).toBeNull();
      expect(await things.update({ ...where, id }, { order: 1 }, ['order'] as const)).toEqual({ order: 1 });
      expect(await things.dbDelete({ ...where, id: other })).toBe(false);
      expect(await things.dbDelete({ ...where, id })).toBe(true);
    },
  );
});

test.each([[{ a: [1, { b: null }] }], [[1, 2]], [{}]])('jsonb of %j is read as it was written', async (jsonb) => {
  const { id } = await things.create({ jsonb }, ['id'] as const);
  expect(await things.get({ id }, ['jsonb'] as const)).toEqual({ jsonb });
  expect(await things.exists({ id, jsonb: null })).toBe(false);
});

describe('a relation', () => {
  const newMaker = (code: string) => makers.create({ code }, ['id'] as const);

  test.each([
    ['its id', (id: number): Filter<Thing> => ({ maker: { id } })],
    ['a unique column', (): Filter<Thing> => ({ maker: { code: 'by code' } })],
    ['both', (id: number): Filter<Thing> => ({ maker: { id, code: 'by code' } })],
  ])('is looked for by %s, for reads and writes', async (_, filter) => {
    const maker = (await makers.get({ code: 'by code' }, ['id'] as const)) ?? (await newMaker('by code'));
    const { id } = await things.create({ maker_id: maker.id }, ['id'] as const);
    const { id: other } = await things.create({}, ['id'] as const);
    expect(await things.exists({ ...filter(maker.id), id })).toBe(true);
    expect(await things.exists({ ...filter(maker.id), id: other })).toBe(false);
    expect(await things.exists({ maker: null, id: other })).toBe(true);
    expect(await things.update({ ...filter(maker.id), id: other }, { order: 2 }, ['order'] as const)).toBeNull();
    expect(await things.update({ ...filter(maker.id), id }, { order: 2 }, ['order'] as const)).toEqual({ order: 2 });
  });

  test('that is deleted is not found', async () => {
    const maker = await newMaker('gone');
    const { id } = await things.create({ maker_id: maker.id }, ['id'] as const);
    await makers.delete(maker);
    expect(await things.exists({ id, maker: { id: maker.id } })).toBe(false);
  });
});

test.each([
  ['a relation that is not one row', { maker: { is_deleted: false } }, 'give its id or a unique column'],
  ['an unknown operator', { int: { near: 5 } }, 'There is no operator near'],
  ['an operator of all objects', { int: { constructor: 5 } }, 'There is no operator constructor'],
  ['a comparison with null', { int: { lt: null } }, 'Nothing is lt null'],
  ['a comparison of arrays', { ints: { lt: 5 } }, 'An array has or has not values'],
  ['a condition that is undefined', { int: undefined }, 'int is undefined'],
  ['an unknown column', { nope: 1 }, 'no column nope'],
])('%s is refused with a reason, for reads and writes', async (_, filter, reason) => {
  const where = filter as unknown as Filter<Thing>;
  await expect(things.exists(where)).rejects.toThrow(reason);
  await expect(things.update(where, { order: 1 }, ['id'] as const)).rejects.toThrow(reason);
  await expect(things.dbDelete(where)).rejects.toThrow(reason);
});

test('a write without a condition is refused, rather than one of every row', async () => {
  await expect(makers.dbDelete({})).rejects.toThrow('needs a condition');
});

test('a filter takes relations that point to one row', async () => {
  await expect(makers.exists({ things: { id: 1 } } as never)).rejects.toThrow('Maker.things points to many rows');
});

test('a many-to-many without an entity in between stops the start', () => {
  class Read {
    @ApiProperty() id!: number;
  }
  const start = () => new Crud(HeavyTool, entities.doors, { reads: [Read] });
  expect(start).toThrow('HeavyTool.otherMakers is many-to-many: give the table in between an entity of its own');
});

test('a DTO that nests a list of rows stops the start', () => {
  class ThingRead {
    @ApiProperty() id!: number;
  }
  class Read {
    @ApiProperty() id!: number;
    @ApiProperty({ type: [ThingRead] }) things!: ThingRead[];
  }
  const start = () => new Crud(Maker, entities.doors, { reads: [Read] });
  expect(start).toThrow('Read reads things, which is a list of rows');
});

describe('many rows', () => {
  test('of more values than a statement has are created all or none', async () => {
    const rows = Array.from({ length: 12_000 }, (_, int) => ({ int, texts: ['many'] }));
    const made = await things.createMany(rows, ['int'] as const);
    expect(made.map(({ int }) => int)).toEqual(rows.map(({ int }) => int));
    const spoilt = [...rows, { int: 1, maker_id: 999_999 }];
    await expect(things.createMany(spoilt, ['id'] as const)).rejects.toThrow('maker_id_fkey');
    expect(await things.count({ texts: 'many' })).toBe(rows.length);
  });

  test('of which there are none are none', async () => {
    expect(await things.createMany([], ['id'] as const)).toEqual([]);
  });
});

test('an upsert takes a unique key', async () => {
  await expect(things.upsert({ text: 'a' }, { int: 1 }, ['id'] as const)).rejects.toThrow(
    'no unique constraint on text',
  );
  const { row, isNew } = await makers.upsert({ code: 'upserted' }, {}, ['id', 'created_at'] as const);
  expect(isNew).toBe(true);
  expect(await makers.upsert({ code: 'upserted' }, {}, ['id', 'created_at'] as const)).toEqual({ row, isNew: false });
});

test('decimals grow exactly, and sums of them are exact', async () => {
  const values = { texts: ['summed'], numeric: '12345678901234567890.1' };
  const { id } = await things.create(values, ['id'] as const);
  const grown = await things.increment({ id }, { numeric: '0.2', order: 2 }, ['numeric', 'order'] as const);
  expect(grown).toEqual({ numeric: '12345678901234567890.3000000000', order: 2 });
  await things.create(values, ['id'] as const);
  const { aggregates } = things;
  const where = { texts: 'summed' };
  expect(await aggregates.sum(where, 'numeric')).toBe('24691357802469135780.4000000000');
  expect(await aggregates.sum(where, 'order')).toBe(2);
  expect(await aggregates.max(where, 'numeric')).toBe('12345678901234567890.3000000000');
  expect(await aggregates.min(where, 'created_at')).toBeInstanceOf(Date);
  expect(await aggregates.countBy(where, 'order', { limit: 1 })).toEqual([{ value: 0, count: 1 }]);
  await expect(aggregates.sum(where, 'nope' as never)).rejects.toThrow('no column nope');
});

test('writes are part of the open transaction', async () => {
  const transactions = new Transactions(entities.doors.open);
  const work = transactions.run(async () => {
    await makers.createMany([{ code: 'one' }, { code: 'two' }], ['id'] as const);
    await makers.upsert({ code: 'three' }, {}, ['id'] as const);
    expect(await makers.aggregates.max({ code: ['one', 'two', 'three'] }, 'code')).toBe('two');
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(await makers.count({ code: ['one', 'two', 'three'] })).toBe(0);
});

test('names that nobody has given are in snake case', async () => {
  const rows: { name: string }[] = await dataSource.query(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name LIKE 'heavy_tool%' ORDER BY 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([
    'heavy_tool.id',
    'heavy_tool.main_maker_id',
    'heavy_tool_other_makers_maker.heavy_tool_id',
    'heavy_tool_other_makers_maker.maker_id',
  ]);
});
