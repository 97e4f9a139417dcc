/** Sessions as clients without a cookie jar hold them. */
import { PASSWORD, PREFIX } from './api.js';
import { type Received, type Sent, send } from './raw.js';

export interface Tokens {
  access_token: string;
  refresh_token: string;
  /** Seconds, of the access token. */
  expires_in: number;
}

const COOKIE = /^(?:__Secure-)?refresh_token=([\w-]{64});/;

/** Opens another session of a user. */
export async function signIn(url: string, username: string, more: Partial<Sent> = {}): Promise<Tokens> {
  const body = { username, password: PASSWORD };
  return tokensOf(await send(url, { method: 'POST', path: `${PREFIX}/auth/login`, body, ...more }));
}

/** Shows a refresh token as clients without cookies do. */
export function refresh(url: string, refresh_token: unknown): Promise<Received> {
  return send(url, { method: 'POST', path: `${PREFIX}/auth/refresh`, body: { refresh_token } });
}

/** The tokens that a sign-in or a refresh has given. */
export function tokensOf({ status, headers, text }: Received): Tokens {
  expect(status).toBe(200);
  const refresh_token = COOKIE.exec(headers['set-cookie']?.[0] ?? '')?.[1];
  if (!refresh_token) throw new Error(`No refresh token in ${String(headers['set-cookie'])}`);
  return { ...(JSON.parse(text) as Omit<Tokens, 'refresh_token'>), refresh_token };
}

/** The status of `GET /users/me` with an access token. */
export async function statusOfMe(url: string, token: string): Promise<number> {
  return (await send(url, { path: `${PREFIX}/users/me`, token })).status;
}
