/** Addresses of mail, none of which can say more than one address. */
import { isEmail } from 'class-validator';
import { isVisible } from '../http/validation/emails.js';

const NAMED = /^([^<>]*?)\s*<([^<>]*)>$/;
// What ends a header, hides in a name or reorders what is seen of it.
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;

export interface Address {
  /** Empty for none. */
  name: string;
  address: string;
}

/** Whether it is the address of one mailbox, and nothing else. */
export function isAddress(text: string): boolean {
  return isEmail(text) && isVisible(text);
}

/** An address with or without a name before it; undefined for anything else. */
export function addressOf(text: string): Address | undefined {
  const [, name = '', address = text] = NAMED.exec(text) ?? [];
  return isAddress(address) && !UNSEEN.test(name) ? { name: name.replace(/^"(.*)"$/, '$1'), address } : undefined;
}
