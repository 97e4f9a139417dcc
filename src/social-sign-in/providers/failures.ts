import * as oidc from 'openid-client';
import { IssuerUnavailable, SignInCancelled, SignInRefused } from '../social-sign-in.errors.js';
import { AnswerTooLarge } from './bounded-fetch.js';

// RFC 6749, 4.1.2.1.
const AWAY = new Set(['server_error', 'temporarily_unavailable']);
const WENT_AWAY = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT']);
const DENIED = 'access_denied';

/** What somebody is told of what openid-client has thrown. */
export function failureOf(error: unknown): Error {
  if (error instanceof oidc.AuthorizationResponseError) return failureAt(error);
  if (error instanceof oidc.ResponseBodyError && error.status < 500) return new SignInRefused(error.error);
  if (isAway(error)) return new IssuerUnavailable();
  return new SignInRefused(reasonOf(error));
}

/** The issuer has sent the browser back with it. */
function failureAt({ error }: oidc.AuthorizationResponseError): Error {
  if (error === DENIED) return new SignInCancelled();
  return AWAY.has(error) ? new IssuerUnavailable() : new SignInRefused(error);
}

/** Whether it is the connection, or a server that is broken. */
function isAway(error: unknown): boolean {
  if (error instanceof AnswerTooLarge || error instanceof oidc.ResponseBodyError) return true;
  if (!(error instanceof Error)) return false;
  // That is how fetch says that there was no answer.
  if (error.name === 'TimeoutError' || error.message === 'fetch failed' || error.message === 'terminated') return true;
  if (error instanceof oidc.ClientError && WENT_AWAY.has(error.code ?? '')) return true;
  return isBroken(error.cause) || isAway(error.cause);
}

function isBroken(cause: unknown): boolean {
  return cause instanceof Response && (cause.status >= 500 || cause.status === 429);
}

/** For the audit trail: the codes of openid-client say which check failed. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code ?? message ?? 'unknown';
}
