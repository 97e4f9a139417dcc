/** Keys of users, and keys that nobody has given out. */
import { crc32 } from 'node:zlib';
import { PREFIX, type User } from '../support/api.js';
import { apiKey } from './api-keys.facts.js';

export const KEYS = `${PREFIX}/api-keys`;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_LENGTH = 6;

export interface Key {
  id: number;
  name: string;
  permissions: string[] | null;
  key: string;
}

export async function createKey({ agent }: Pick<User, 'agent'>, fields: object = {}): Promise<Key> {
  return (await agent.post(KEYS).send({ ...apiKey, ...fields }).expect(201)).body as Key; // prettier-ignore
}

/** The text with the checksum that a key must have: nothing else about it needs to be true. */
export function checked(text: string): string {
  let [sum, digits] = [crc32(text), ''];
  for (; sum > 0; sum = Math.floor(sum / DIGITS.length)) digits = DIGITS[sum % DIGITS.length] + digits;
  return text + digits.padStart(CHECKSUM_LENGTH, DIGITS[0]);
}

/** What a key says before its checksum. */
export function partsOf(key: string): [prefix: string, id: string, secret: string] {
  const [prefix, id, rest] = key.split('_') as [string, string, string];
  return [prefix, id, rest.slice(0, -CHECKSUM_LENGTH)];
}
