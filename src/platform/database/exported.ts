const EXPORTED = 'exported';

export interface ExportedList {
  /** The name of the list in the export. */
  name: string;
  /** The column with the id of the user. */
  owner: string;
  /** Columns that say nothing of the user, or must not leave the database. */
  leaveOut: readonly string[];
}

/** Makes the rows of an entity, which has an `id`, a list in the export of the user whom they belong to. */
export function Exported<E>(
  name: string,
  { owner, leaveOut }: { owner: keyof E & string; leaveOut: (keyof E & string)[] },
): (entity: new () => E) => void {
  return (entity) => Reflect.defineMetadata(EXPORTED, { name, owner, leaveOut } satisfies ExportedList, entity);
}

/** Undefined for an entity that is no part of an export. */
export function exportedList(entity: object): ExportedList | undefined {
  return Reflect.getMetadata(EXPORTED, entity) as ExportedList | undefined;
}
