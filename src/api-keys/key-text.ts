/**
 * The text of a key: `<prefix>_<id>_<secret><checksum>`. The checksum, as the tokens of GitHub have one, tells a typo
 * from a key without asking anybody, and scanners for leaked secrets a key from another text. The prefix only says
 * where a key is from: those of a former name of the application stay good.
 */
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { parseId } from '../platform/http/requests/path-ids.js';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const PREFIX_LENGTH = 10;
const KEY = new RegExp(
  `^([a-z0-9]{1,${PREFIX_LENGTH}}_([1-9]\\d{0,15})_([0-9A-Za-z]{${SECRET_LENGTH}}))([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

export function newSecret(): string {
  return base62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_LENGTH);
}

/** What is stored of a secret. Random bits need no slow hash: nobody can guess them. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

export function keyOf(prefix: string, id: number, secret: string): string {
  const text = `${prefix}_${id}_${secret}`;
  return text + checksumOf(text);
}

/** What a text says, if it is a key without a typo. */
export function parseKey(text: string): { id: number; secret: string } | undefined {
  const [, checked, digits, secret, checksum] = KEY.exec(text) ?? [];
  const id = parseId(digits);
  if (id === undefined || checksumOf(checked!) !== checksum) return undefined;
  return { id, secret: secret! };
}

/** The initials of an application's name, or all of it where it is one word. */
export function prefixOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const text = words.length > 1 ? words.map(([initial]) => initial).join('') : (words[0] ?? 'key');
  return text.slice(0, PREFIX_LENGTH);
}

function checksumOf(text: string): string {
  return base62(BigInt(crc32(text)), CHECKSUM_LENGTH);
}

function base62(value: bigint, length: number): string {
  const base = BigInt(DIGITS.length);
  let [text, left] = ['', value];
  for (; left > 0n; left /= base) text = DIGITS[Number(left % base)] + text;
  return text.padStart(length, DIGITS[0]);
}
