// How JSON writes NUL and lone surrogates, which PostgreSQL cannot store.
const UNSTORABLE = /\\u(0000|d[89a-f])/i;

/** The value as PostgreSQL can store it. Throws if it cannot be written as JSON. */
export function asJson(result: unknown): unknown {
  const text = JSON.stringify(result ?? null) as string | undefined;
  if (text === undefined) throw new Error('The result cannot be written as JSON');
  if (!UNSTORABLE.test(text)) return result;
  const clean: unknown = JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? storable(value) : value));
  if (UNSTORABLE.test(JSON.stringify(clean))) throw new Error('The result has names that cannot be stored');
  return clean;
}

/** The text with U+FFFD in place of each character that PostgreSQL cannot store. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
