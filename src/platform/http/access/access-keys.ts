/** What lets callers in besides access tokens, as far as the document tells of it. */

export interface AccessKeyFacts {
  /** As in `Caller.access_key`; in the document, the name of its security scheme. */
  kind: string;
  /** Where it may be sent, if not as a bearer token. */
  header: string;
  description: string;
}

const known = new Map<string, AccessKeyFacts>();

/** Marks the provider that knows access keys of a kind. */
export function AccessKey(facts: AccessKeyFacts): ClassDecorator {
  return () => void known.set(facts.kind, facts);
}

/** Every kind whose class has been imported so far. */
export const accessKeys = () => [...known.values()];
