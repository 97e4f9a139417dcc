import { createHash } from 'node:crypto';
import { StaleEntityTag } from '../http/http.errors.js';

/** The strong entity tag (RFC 9110, 8.8.3) of the bytes of an answer. */
export function entityTag(bytes: string | Buffer): string {
  return `"${createHash('sha1').update(bytes).digest('base64url')}"`;
}

/** Whether `If-None-Match` or `If-Match` names the tag; a weak tag in the list matches only where `isWeak`. */
export function matches(header: string, tag: string, { isWeak }: { isWeak: boolean }): boolean {
  if (header.trim() === '*') return true;
  const tags = header.split(',').map((one) => one.trim());
  return tags.some((one) => one === tag || (isWeak && one === `W/${tag}`));
}

/**
 * Throws when a client that sent `If-Match` has not seen the current state of the resource.
 * @param current what a GET of the resource answers now
 */
export function requireMatch(ifMatch: string, current: object): void {
  if (!matches(ifMatch, entityTag(JSON.stringify(current)), { isWeak: false })) throw new StaleEntityTag();
}
