import type { IncomingMessage } from 'node:http';

const BEARER = /^bearer +(\S+)$/i;

/** The token of the `Authorization` header (RFC 6750, 2.1); null when there is none, or more than one. */
export function bearerToken(request: { headers: IncomingMessage['headers']; raw?: IncomingMessage }): string | null {
  const { authorization } = request.headers;
  if (authorization === undefined || (request.raw && isSentTwice(request.raw.rawHeaders))) return null;
  return BEARER.exec(authorization)?.[1] ?? null;
}

/** Node keeps the first of several; a proxy before us may have looked at another. */
function isSentTwice(rawHeaders: string[]): boolean {
  return rawHeaders.filter((name, index) => index % 2 === 0 && /^authorization$/i.test(name)).length > 1;
}
