import { BodyTooComplex, MalformedRequest } from '../problems/http.errors.js';
import { WithFacts } from '../access/route-metadata.js';

/**
 * Lets a route take a form beside JSON: that of OAuth 2 (RFC 6749, 4.3), which the document has as a security scheme. Other
 * routes answer 415, so that no page of another site can post to them.
 */
export function AcceptsForm(): MethodDecorator {
  return WithFacts({ acceptsForm: true });
}

/** The fields of a form; one that is sent twice becomes a list, which no field of a form takes. */
export function parseForm(text: string, maxFields: number): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  const pairs = text.split('&', maxFields + 1).filter(Boolean);
  if (pairs.length > maxFields) throw new BodyTooComplex(`The form has more than ${maxFields} fields.`);
  for (const pair of pairs) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair)!.map(decode);
    const known = fields.get(name);
    fields.set(name, known === undefined ? value : [known, value].flat());
  }
  return Object.fromEntries(fields);
}

/** `URLSearchParams` would take what is not UTF-8 for something else. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new MalformedRequest('The form is not percent-encoded UTF-8.');
  }
}
