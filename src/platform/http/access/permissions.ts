/** What a user may be allowed beyond their own: each domain declares its permissions in `<domain>.permissions.ts`. */

/** The permissions, by name. Each domain adds its own to this interface. */
export interface Permissions {}

/** Such as `posts.edit_any`. */
export type Permission = keyof Permissions;

export interface PermissionDefinition {
  /** What whoever holds it may do, in words that follow "may": no capital, no full stop. */
  allows: string;
  /** The role that has it from the beginning, where there are roles. */
  suits?: 'editor' | 'support';
}

type NamedPermission = PermissionDefinition & { name: Permission };

const known = new Map<string, PermissionDefinition>();
// Requests ask for it.
let inOrder: readonly NamedPermission[] | undefined;

/** Declares the permissions of a domain. Throws for a name that is declared already. */
export function definePermissions<const T extends Record<string, PermissionDefinition>>(definitions: T): T {
  for (const [name, definition] of Object.entries(definitions)) {
    if (known.has(name)) throw new Error(`two permissions are named ${name}`);
    known.set(name, definition);
  }
  inOrder = undefined;
  return definitions;
}

export const isPermission = (name: string): name is Permission => known.has(name);

/** Every permission that has been declared so far, by name. */
export function permissions(): readonly NamedPermission[] {
  return (inOrder ??= [...known]
    .map(([name, definition]) => ({ name: name as Permission, ...definition }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1)));
}
