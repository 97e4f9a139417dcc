import { domainToASCII } from 'node:url';

// Control and format characters, blanks, and letters that draw nothing, such as fillers and variation selectors.
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;
// Decoding would change the host that a reader sees.
const ENCODED = '%';

/**
 * The one form that an e-mail address is stored, compared and looked for in: NFC (Unicode UAX 15), lower-case, with the
 * host in punycode (RFC 5891). Text that cannot be an address is returned unchanged, for validation to refuse.
 */
export function canonicalEmail(text: string): string {
  const at = text.lastIndexOf('@');
  const host = text.slice(at + 1);
  if (at < 1 || UNSEEN.test(text) || host.includes(ENCODED)) return text;
  const ascii = domainToASCII(host);
  return ascii === '' ? text : `${text.slice(0, at).toLowerCase().normalize('NFC')}@${ascii}`;
}

/** Whether nothing in the text is invisible. */
export function isVisible(text: string): boolean {
  return !UNSEEN.test(text);
}
