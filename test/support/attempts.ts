/** Attempts to sign in from any address, as they come by way of a proxy that the API trusts. */
import { type Api, PREFIX } from './api.js';
import { type Received, send } from './raw.js';

/** The setting that lets a suite choose where its requests come from. */
export const BEHIND_PROXY = { TRUST_PROXY: '127.0.0.1' };
export const WRONG = 'Wrong-passw0rd';

let counter = 0;

/** An address that nobody in the suite has used. */
export function freshAddress(): string {
  counter++;
  return `198.18.${counter >> 8}.${counter & 255}`;
}

/** Signs in, or tries to: with a wrong password and from a fresh address unless they are given. */
export function attempt(
  url: string,
  { username, password = WRONG, from = freshAddress() }: { username: string; password?: string; from?: string },
): Promise<Received> {
  const headers = { 'x-forwarded-for': from };
  return send(url, { path: `${PREFIX}/auth/login`, method: 'POST', body: { username, password }, headers });
}

/** Makes so many at once. */
export function atOnce<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)));
}

/** Makes so many, each when the one before it is done. */
export async function inTurn<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let index = 0; index < count; index++) made.push(await make(index));
  return made;
}

/** What is counted under a key: how many failures, and for how many seconds after the last one nobody gets in. */
export async function counted(
  { database }: Api,
  key: string,
): Promise<{ failures: number; delay: number } | undefined> {
  const [row] = await database.query<{ failures: number; delay: number }>(
    'SELECT failures, extract(epoch FROM unblocked_at - failed_at)::int AS delay FROM auth_failure WHERE key = $1',
    [key],
  );
  return row;
}

/** Lets the running delays of an address, or of an account, last longer, so that a slow machine sees none pass. */
export async function stretch({ database }: Api, suffix: string): Promise<void> {
  await database.query(
    `UPDATE auth_failure SET unblocked_at = unblocked_at + interval '20 s'
     WHERE unblocked_at > failed_at AND key LIKE '% ' || $1`,
    [suffix],
  );
}

/** Ends the running delays of an address, or of an account. */
export async function unblock({ database }: Api, suffix: string): Promise<void> {
  await database.query(`UPDATE auth_failure SET unblocked_at = failed_at WHERE key LIKE '% ' || $1`, [suffix]);
}
