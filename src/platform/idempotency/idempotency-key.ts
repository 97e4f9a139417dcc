/** The header `Idempotency-Key` (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header). */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { MalformedRequest } from '../http/problems/http.errors.js';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';

const LONGEST = 255;
const VISIBLE = /^[\x21-\x7e]+$/;
// RFC 9651, 3.3.3.
const QUOTED = /^"((?:[^"\\]|\\["\\])*)"$/;

/**
 * The key that a header holds: a quoted string, as the draft has it, or the bare text, as most clients send it. Throws
 * `MalformedRequest`, also where the header was sent twice: Node joins the two with a comma and a space.
 */
export function keyIn(header: string | string[]): string {
  const text = String(header);
  const key = text.startsWith('"') ? QUOTED.exec(text)?.[1]!.replace(/\\(.)/g, '$1') : text;
  if (key === undefined || key.length > LONGEST || !VISIBLE.test(key)) {
    throw new MalformedRequest(`${IDEMPOTENCY_KEY} has to be one text of 1 to ${LONGEST} visible ASCII characters.`);
  }
  return key;
}

/** What two requests have in common if they ask for the same: method, path, query, and body whatever the order of its fields. */
export function fingerprintOf({ method, url, body }: Pick<FastifyRequest, 'method' | 'url' | 'body'>): string {
  return createHash('sha256')
    .update(`${method} ${url}\n${JSON.stringify(body ?? null, inOrder)}`)
    .digest('base64');
}

function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
