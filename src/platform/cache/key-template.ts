export const CACHED = 'cached';
export const INVALIDATES = 'invalidates';

export interface CachedOptions {
  /** Under which the answer is cached. */
  key: string;
  /** Further keys that drop the answer when they are invalidated. */
  under?: string[];
  /** Seconds. */
  ttl: number;
}

const PLACEHOLDER = /\{(\w+)\}/g;

/** The names of the path parameters that a key is made of. */
export function placeholdersOf(key: string): string[] {
  return [...key.matchAll(PLACEHOLDER)].map(([, name]) => name!);
}

/** Turns a key with placeholders into a function of the path parameters. */
export function compileKey(key: string): (params: unknown) => string {
  if (placeholdersOf(key).length === 0) return () => key;
  const parts = key.split(PLACEHOLDER);
  return (params) =>
    parts
      // Texts and names alternate; a value must not look like a separator.
      .map((part, index) => (index % 2 === 0 ? part : encodeURIComponent((params as Record<string, string>)[part]!)))
      .join('');
}
