import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { BaseEntity, SoftDeletable } from '../../../src/platform/database/base.entity.js';
import { Statements } from '../../../src/platform/database/crud/compiled-statement.js';
import { Crud } from '../../../src/platform/database/crud/crud.js';
import type { CrudDoors } from '../../../src/platform/database/crud/crud.options.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { createEntities, doorsOf, type Entities } from '../../support/entities.js';

@Entity()
@Unique(['label'])
class Shelf extends SoftDeletable {
  @Column('text') label!: string;
}

@Entity()
class Book extends SoftDeletable {
  @Column('text') title!: string;
  @Column('int', { default: 0 }) pages!: number;
  @Column('text', { nullable: true }) note!: string | null;
  @Column('bigint') shelf_id!: number;

  @ManyToOne(() => Shelf, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'shelf_id' })
  shelf!: Relation<Shelf>;
}

@Entity()
@Unique(['number'])
class Copy extends SoftDeletable {
  @Column('int') number!: number;
  @Column('bigint') book_id!: number;

  @ManyToOne(() => Book, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'book_id' })
  book!: Relation<Book>;
}

@Entity()
class Loan extends SoftDeletable {
  @Column('bigint') copy_id!: number;

  @ManyToOne(() => Copy, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'copy_id' })
  copy!: Relation<Copy>;
}

@Entity()
class Stamp extends BaseEntity {
  @Column('text') text!: string;
}

class ShelfRead {
  @ApiProperty() id!: number;
  @ApiProperty() label!: string;
  @ApiProperty({ type: Date }) created_at!: string;
}

class BookRead {
  @ApiProperty() id!: number;
  @ApiProperty() title!: string;
}

class BookOnShelf extends BookRead {
  @ApiProperty() shelf!: ShelfRead;
}

class LabelTaken extends Error {}

let entities: Entities;
let doors: CrudDoors;
let transactions: Transactions;
let shelves: Crud<Shelf>;
let books: Crud<Book>;
let stamps: Crud<Stamp>;
let counter = 0;

beforeAll(async () => {
  entities = await createEntities(Shelf, Book, Copy, Loan, Stamp);
  ({ doors } = entities);
  transactions = new Transactions(doors.open);
  shelves = new Crud(Shelf, doors, {
    reads: [ShelfRead],
    violations: { shelf_label_key: LabelTaken },
  });
  books = new Crud(Book, doors, { reads: [BookRead, BookOnShelf] });
  stamps = new Crud(Stamp, doors);
});

afterAll(() => entities.close());

const newShelf = () => shelves.create({ label: `shelf ${++counter}` }, ShelfRead);

async function newBooks(...pages: number[]) {
  const shelf = await newShelf();
  const made = [];
  for (const count of pages) {
    made.push(await books.create({ title: `Book of ${count}`, pages: count, shelf_id: shelf.id }, ['id'] as const));
  }
  return { shelf, ids: made.map(({ id }) => id) };
}

describe('reading', () => {
  test('a row has the columns of the DTO and no others', async () => {
    const { ids } = await newBooks(10);
    expect(await books.get({ id: ids[0]! }, BookRead)).toEqual({ id: ids[0], title: 'Book of 10' });
  });

  test('a row has the columns of the list and no others', async () => {
    const { ids } = await newBooks(10);
    expect(await books.get({ id: ids[0]! }, ['pages', 'note'] as const)).toEqual({ pages: 10, note: null });
  });

  test('a nested DTO comes in the same statement, instants in UTC', async () => {
    const { shelf, ids } = await newBooks(10);
    const book = await books.get({ id: ids[0]! }, BookOnShelf);
    expect(book?.shelf).toEqual({ id: shelf.id, label: shelf.label, created_at: shelf.created_at });
  });

  test('a list begins with the newest and takes limit and offset', async () => {
    const { shelf, ids } = await newBooks(1, 2, 3);
    const page = await books.getMany({ shelf_id: shelf.id }, BookRead, { limit: 2, offset: 1 });
    expect(page.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
  });

  test.each([
    ['a value', { pages: 2 }, [2]],
    ['one of several', { pages: [1, 3] }, [3, 1]],
    ['null', { note: null, pages: { lt: 3 } }, [2, 1]],
    ['not', { pages: { not: 2 } }, [3, 1]],
    ['a range', { pages: { gt: 1, lte: 3 } }, [3, 2]],
    ['at least', { pages: { gte: 3 } }, [3]],
  ])('a filter takes %s', async (_, filter, expected) => {
    const { shelf } = await newBooks(1, 2, 3);
    const found = await books.getMany({ shelf_id: shelf.id, ...filter }, ['pages'] as const, { limit: 10 });
    expect(found.map(({ pages }) => pages)).toEqual(expected);
    expect(await books.count({ shelf_id: shelf.id, ...filter })).toBe(expected.length);
  });

  test('a filter takes a unique column of the owner', async () => {
    const { shelf, ids } = await newBooks(1);
    expect(await books.exists({ id: ids[0]!, shelf: { label: shelf.label } })).toBe(true);
    expect(await books.exists({ id: ids[0]!, shelf: { label: 'elsewhere' } })).toBe(false);
  });

  test('an undefined condition is an error rather than no condition', async () => {
    await expect(books.get({ id: undefined }, BookRead)).rejects.toThrow('id is undefined');
  });

  test('unknown columns are refused, by the compiler and by the program', async () => {
    // @ts-expect-error -- no such column
    await expect(books.get({ nope: 1 }, BookRead)).rejects.toThrow('no column nope');
    // @ts-expect-error -- no such column
    await expect(books.get({ id: 1 }, ['nope'] as const)).rejects.toThrow('reads nope');
  });

  test('a read is planned once a connection: a named statement that is prepared', async () => {
    const { ids } = await newBooks(1);
    await transactions.run(async () => {
      await books.get({ id: ids[0]!, title: { not: 'a' } }, BookRead);
      await books.get({ id: ids[0]!, title: { not: 'b' } }, BookRead);
      const { rows } = await doors.sql.query(
        `SELECT name FROM pg_prepared_statements WHERE name LIKE 'crud_%' AND statement LIKE '%"title" <> %'`,
      );
      expect(rows).toHaveLength(1);
    });
  });

  test('a DTO with an unknown column stops the start', () => {
    class Wrong {
      @ApiProperty() publisher!: string;
    }
    expect(() => new Crud(Book, doors, { reads: [Wrong] })).toThrow('Wrong reads publisher');
  });
});

describe('writing', () => {
  test('a violated constraint becomes the error of the domain', async () => {
    const { label } = await newShelf();
    await expect(shelves.create({ label }, ShelfRead)).rejects.toThrow(LabelTaken);
  });

  test('an update changes what is given, stamps the row and answers it', async () => {
    const { ids } = await newBooks(1);
    const columns = ['title', 'pages', 'updated_at'] as const;
    const before = await books.get({ id: ids[0]! }, columns);
    const after = await books.update({ id: ids[0]! }, { pages: 5, title: undefined }, columns);
    expect(after).toMatchObject({ title: 'Book of 1', pages: 5 });
    expect(after!.updated_at.getTime()).toBeGreaterThan(before!.updated_at.getTime());
  });

  test('an update without changes leaves the row alone', async () => {
    const { ids } = await newBooks(1);
    const before = await books.get({ id: ids[0]! }, ['updated_at'] as const);
    expect(await books.update({ id: ids[0]! }, {}, ['updated_at'] as const)).toEqual(before);
  });

  test('a soft-deleted row is gone from every read until it is restored', async () => {
    const { shelf, ids } = await newBooks(1);
    const where = { id: ids[0]! };
    expect(await books.delete(where)).toBe(true);
    expect(await books.delete(where)).toBe(false);
    expect(await books.get(where, BookRead)).toBeNull();
    expect(await books.exists(where)).toBe(false);
    expect(await books.count({ shelf_id: shelf.id })).toBe(0);
    expect(await books.getMany({ shelf_id: shelf.id }, BookRead, { limit: 1 })).toEqual([]);
    expect(await books.update(where, { pages: 9 }, BookRead)).toBeNull();
    expect(await books.count({ shelf_id: shelf.id }, { deleted: 'only' })).toBe(1);
    expect(await books.exists(where, { deleted: 'include' })).toBe(true);
    expect(await books.restore(where, BookRead)).toMatchObject(where);
    expect(await books.exists(where)).toBe(true);
  });

  test('a soft-deleted owner hides what belongs to it', async () => {
    const { shelf, ids } = await newBooks(1);
    await shelves.delete({ id: shelf.id });
    expect(await books.get({ id: ids[0]! }, BookRead)).toBeNull();
    expect(await books.exists({ shelf: { label: shelf.label } })).toBe(false);
    await shelves.restore({ id: shelf.id }, ShelfRead);
    expect(await books.exists({ id: ids[0]! })).toBe(true);
  });

  test('so does the owner of an owner, also where a filter names the owner', async () => {
    const { shelf, ids } = await newBooks(1);
    const copies = new Crud(Copy, doors);
    const loans = new Crud(Loan, doors);
    const number = ++counter;
    const { id: copy_id } = await copies.create({ number, book_id: ids[0] }, ['id'] as const);
    const { id } = await loans.create({ copy_id }, ['id'] as const);
    const seen = () => Promise.all([loans.exists({ id }), loans.exists({ id, copy: { number } })]);
    expect(await seen()).toEqual([true, true]);
    await shelves.delete({ id: shelf.id });
    expect(await seen()).toEqual([false, false]);
    expect(await loans.exists({ id, copy: { number } }, { deleted: 'include' })).toBe(true);
  });

  test('a deletion for good takes along what belongs to the row', async () => {
    const { shelf, ids } = await newBooks(1);
    expect(await shelves.dbDelete({ id: shelf.id })).toBe(true);
    expect(await books.exists({ id: ids[0]! }, { deleted: 'include' })).toBe(false);
  });

  test('an entity without soft deletion is deleted for good', async () => {
    const { id } = await stamps.create({ text: 'x' }, ['id'] as const);
    expect(await stamps.delete({ id })).toBe(true);
    expect(await stamps.exists({ id }, { deleted: 'include' })).toBe(false);
  });
});

describe('transactions', () => {
  test('everything in one that fails is undone, nested ones included', async () => {
    const label = `shelf ${++counter}`;
    const work = transactions.run(async () => {
      await shelves.create({ label }, ShelfRead);
      await transactions.run(() => shelves.create({ label: `${label}b` }, ShelfRead));
      expect(await shelves.exists({ label })).toBe(true);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await shelves.count({ label: [label, `${label}b`] })).toBe(0);
  });

  test('nobody else sees a write before it is committed', async () => {
    const label = `shelf ${++counter}`;
    let seenOutside: boolean | undefined;
    const outside = () => new Crud(Shelf, doorsOf(doors.dataSource)).exists({ label });
    await transactions.run(async () => {
      await shelves.create({ label }, ShelfRead);
      seenOutside = await outside();
    });
    expect(seenOutside).toBe(false);
    expect(await outside()).toBe(true);
  });

  test('SQL by hand is part of the open transaction, unless it runs apart', async () => {
    const label = `shelf ${++counter}`;
    const count = { name: 'shelves_of', text: 'SELECT FROM shelf WHERE label = $1', values: [label] };
    const { sql } = doors;
    await transactions.run(async () => {
      await sql.query('INSERT INTO shelf (label) VALUES ($1)', [label]);
      const counts = await Promise.all([sql.query(count), shelves.count({ label }), sql.apart(count)]);
      expect(counts).toMatchObject([{ rowCount: 1 }, 1, { rowCount: 0 }]);
    });
    expect(await sql.apart(count)).toMatchObject({ rowCount: 1 });
  });

  test('SQL by hand is undone with its transaction', async () => {
    const label = `shelf ${++counter}`;
    const work = transactions.run(async () => {
      await doors.sql.query('INSERT INTO shelf (label) VALUES ($1)', [label]);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await shelves.exists({ label })).toBe(false);
  });

  test('work that outlives its transaction goes on without it', async () => {
    let late: Promise<boolean> | undefined;
    let over!: () => void;
    const isOver = new Promise<void>((done) => (over = done));
    await transactions.run(async () => {
      late = isOver.then(() => transactions.isOpen);
      return Promise.resolve();
    });
    // Keeps the scope switched on, in which the late work would find what it was begun in.
    await transactions.run(async () => {
      over();
      expect(await late).toBe(false);
      expect(transactions.isOpen).toBe(true);
    });
  });

  test.each(['query', 'apart', 'queryPlanned'] as const)(
    'a migration that changes a column is no error for a named %s',
    async (door) => {
      const table = `named_${door}`;
      const read = { name: table, text: `SELECT * FROM ${table}`, values: [] };
      await doors.sql.query(`CREATE TABLE ${table} AS SELECT 1 AS one`);
      for (let n = 0; n < 20; n++) await doors.sql[door](read);
      await doors.sql.query(`ALTER TABLE ${table} ADD COLUMN two int DEFAULT 2`);
      expect(await doors.sql[door](read)).toMatchObject({ rows: [{ one: 1, two: 2 }] });
    },
  );
});

test('of the shapes of filters, the latest thousand are kept compiled', () => {
  const statements = new Statements(doors.dataSource.getRepository(Stamp));
  const compiled = (n: number) => statements.of({ id: 1 }, `shape ${n}`, { what: 'count', deleted: 'exclude' });
  const [first, second] = [compiled(1), compiled(2)];
  for (let n = 3; n <= 1_001; n++) compiled(n);
  expect([compiled(2) === second, compiled(1) === first]).toEqual([true, false]);
});
