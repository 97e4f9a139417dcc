import { hash } from 'node:crypto';

/** The strong entity tag (RFC 9110, 8.8.3) of the bytes of an answer. */
export function entityTag(bytes: string | Buffer): string {
  return `"${hash('sha1', bytes, 'base64url')}"`;
}

/** Whether `If-None-Match` or `If-Match` names the tag, if there is one; a weak tag matches only where `isWeak`. */
export function matches(header: string, tag: string | undefined, { isWeak }: { isWeak: boolean }): boolean {
  if (header.trim() === '*') return true;
  if (tag === undefined) return false;
  const tags = header.split(',').map((one) => one.trim());
  return tags.some((one) => one === tag || (isWeak && one === `W/${tag}`));
}
