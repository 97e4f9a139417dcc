/** People with an address and a device of their own, and what the audit trail holds of them. */
import { type Api, PASSWORD, PREFIX, type User } from './api.js';
import { attempt, freshAddress } from './attempts.js';
import { linesWith, until } from './program.js';
import { type Received, send, type Sent } from './raw.js';

const DEVICE = 'Analytical Engine/1.0';

/** Somebody who has signed in. */
export interface Visitor {
  user: User;
  session_id: number;
  refresh_token: string;
  address: string;
  /** Sends a request from their address: with their token, unless another or none is given. */
  ask: (sent: Omit<Sent, 'headers'>) => Promise<Received>;
  /** Tries to sign in from their address. */
  login: (username: string, password: string) => Promise<Received>;
}

/** Signs a user in from an address that is used for nothing else. */
export async function visit({ program: { url } }: Api, user: User, password = PASSWORD): Promise<Visitor> {
  const address = freshAddress();
  const answer = await attempt(url, { username: user.username, password, from: address });
  const { token, session_id, refresh_token } = granted(answer);
  const headers = { 'x-forwarded-for': address, 'user-agent': DEVICE };
  const ask = (sent: Omit<Sent, 'headers'>) => send(url, { token, ...sent, headers });
  const login = (username: string, secret: string) =>
    ask({ path: `${PREFIX}/auth/login`, method: 'POST', body: { username, password: secret }, token: undefined });
  return { user, session_id, refresh_token, address, ask, login };
}

/** What a sign-in or a refresh has given. */
export function granted({ text, headers }: Received): { token: string; session_id: number; refresh_token: string } {
  const token = JSON.parse(text).access_token as string;
  const { sid } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sid: string };
  return {
    token,
    session_id: Number(sid),
    refresh_token: /refresh_token=([^;]+)/.exec(headers['set-cookie']![0]!)![1]!,
  };
}

/** The lines of the trail about the request with that answer. */
export async function trailOf({ program }: Api, { headers }: Received): Promise<Record<string, unknown>[]> {
  // Once a later line is in the log, nothing is still on its way.
  const later = await send(program.url, { path: `${PREFIX}/nowhere` });
  await until(() => program.output().includes(later.headers['x-request-id'] as string));
  return linesWith(program, `"request_id":"${String(headers['x-request-id'])}"`)
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .filter(({ audit }) => audit !== undefined)
    .map(({ level: _level, time: _time, pid: _pid, hostname: _host, name: _name, msg: _msg, ...facts }) => facts);
}

/** A line of the trail about a visitor; `more` adds to it, or takes away with `undefined`. */
export function line(audit: string, { user, session_id, address }: Visitor, answer: Received, more: object = {}) {
  const request_id = answer.headers['x-request-id'];
  const facts = { user_id: user.id, session_id, address, request_id, user_agent: DEVICE, ...more };
  return JSON.parse(JSON.stringify({ audit, ...facts })) as object;
}
