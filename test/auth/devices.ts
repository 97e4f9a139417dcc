/** Signing in on devices that accounts know, or don't. */
import { type Api, PASSWORD, PREFIX, type User } from '../support/api.js';
import { freshAddress } from '../support/attempts.js';
import { type Received, send } from '../support/raw.js';

export interface Try {
  password?: string;
  from?: string;
  cookie?: string;
}

export function login(
  url: string,
  username: string,
  { password = PASSWORD, from = freshAddress(), cookie }: Try = {},
): Promise<Received> {
  const headers = { 'x-forwarded-for': from, ...(cookie && { cookie }) };
  return send(url, { method: 'POST', path: `${PREFIX}/auth/login`, body: { username, password }, headers });
}

export const setCookie = ({ headers }: Received) =>
  (headers['set-cookie'] ?? []).find((text) => text.includes('device='));
export const deviceOf = (answer: Received) => setCookie(answer)!.split(';', 1)[0]!;

/** Signs in on a device that is new to the account; answers with its cookie. */
export async function knownDevice({ program }: Api, { username }: User): Promise<string> {
  const answer = await login(program.url, username);
  expect(answer.status).toBe(200);
  return deviceOf(answer);
}
