import { readFileSync } from 'node:fs';

/**
 * The 3,000 most common passwords of at least 8 characters, in lower case. Source: the ranked list of
 * @zxcvbn-ts/language-common 4.1.3 (MIT).
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n'),
);
