import type { Client } from '../http/requests/client-info.js';

export const DOCS_ACCESS = 'DocsAccess';

/** The credentials of a request to the docs. */
export interface DocsVisit {
  /** The header of that name: a bearer token, or name and password (Basic). */
  authorization: string | undefined;
  /** The cookie of an earlier visit. */
  pass: string | undefined;
  client: Client;
  /** Call it before a password is tried: throws `TooManyRequests` when that is too often. */
  countTry: () => Promise<void>;
}

/** The cookie that replaces name and password on the next visits. */
export interface DocsPass {
  value: string;
  expires: Date;
}

/** Decides who reads the docs in staging; the domain that knows users provides it. */
export interface DocsAccess {
  /** Throws the HTTP exception to answer with unless the visitor may read the docs; gives a pass for name and password. */
  admit(visit: DocsVisit): Promise<DocsPass | undefined>;
}
