import type { EntityMetadata } from 'typeorm';
import type { Selection } from './crud.options.js';
import { columnsOnly, type Dto, type Projection, projectionOf, refuseManyToMany } from './projection.js';

/** What the rows of one entity may be read as. */
export class Selections<E> {
  private readonly dtos = new Map<Dto, Projection>();
  private readonly columnLists = new Map<string, Projection>();

  /** Throws when a DTO of `reads` names an unknown column, and for a relation that needs a table without an entity. */
  constructor(
    private readonly entity: EntityMetadata,
    reads: Dto[],
  ) {
    refuseManyToMany(entity);
    for (const dto of reads) this.dtos.set(dto, projectionOf(dto, entity));
  }

  of<T>(as: Selection<E, T>): Projection {
    if (typeof as !== 'function') return this.columns(as);
    const projection = this.dtos.get(as);
    if (!projection) throw new Error(`${as.name} is not among the reads of ${this.entity.name}`);
    return projection;
  }

  /** The names of the columns, for a write: it answers no relation. */
  flat<T>(as: Selection<E, T>): string[] {
    const { columns, relations } = this.of(as);
    if (relations.length > 0) throw new Error('A write answers columns of its own row only');
    return columns;
  }

  isNullable(column: string): boolean {
    return this.entity.findColumnWithPropertyName(column)!.isNullable;
  }

  private columns(names: readonly string[]): Projection {
    const key = names.join();
    const projection = this.columnLists.get(key) ?? columnsOnly(names, this.entity);
    this.columnLists.set(key, projection);
    return projection;
  }
}
