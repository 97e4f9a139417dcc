/** Access tokens made by hand, as the API makes them or not. */
import { createHash, createHmac, type KeyObject, sign } from 'node:crypto';

export type Fields = Record<string, unknown>;

const HMAC: Record<string, string> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

export const headerOf = (token: string): Fields => part(token, 0);
export const claimsOf = (token: string): Fields => part(token, 1);

/** The id by which tokens name a secret or a public key. */
export function kidOf(key: string | KeyObject): string {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update('kid').update(bytes).digest('base64url').slice(0, 12);
}

/** Signs by the algorithm of the header, whatever the type of the key; with any other algorithm there is no signature. */
export function tokenOf(header: Fields | string, claims: Fields | string, key: string | KeyObject): string {
  const signed = [header, claims]
    .map((fields) => (typeof fields === 'string' ? fields : JSON.stringify(fields)))
    .map((text) => Buffer.from(text).toString('base64url'))
    .join('.');
  const { alg } = typeof header === 'string' ? { alg: 'HS256' } : header;
  return `${signed}.${signature(String(alg), signed, key).toString('base64url')}`;
}

function signature(alg: string, signed: string, key: string | KeyObject): Buffer {
  if (alg in HMAC) return createHmac(HMAC[alg]!, key).update(signed).digest();
  if (typeof key === 'string' || key.type !== 'private') return Buffer.alloc(0);
  return sign('sha256', Buffer.from(signed), alg.startsWith('ES') ? { key, dsaEncoding: 'ieee-p1363' } : key);
}

function part(token: string, index: number): Fields {
  return JSON.parse(Buffer.from(token.split('.')[index]!, 'base64url').toString()) as Fields;
}
