/** The links of mails, and the tokens in them. */
import { randomBytes } from 'node:crypto';
import type { Test } from 'supertest';
import { boundTo, hashOf, lifetimeOf } from '../../src/recovery/tokens/purposes.js';
import type { Purpose } from '../../src/recovery/tokens/recovery-token.entity.js';
import { type Api, PASSWORD, PREFIX, type User } from '../support/api.js';
import { mailTo, type QueuedMail } from '../support/mails.js';

export const AUTH = `${PREFIX}/auth`;
export const NEW_PASSWORD = 'Difference-Engine-1822';

/** The token of the only link of a mail. */
export function tokenOf({ links }: QueuedMail): string {
  expect(links).toHaveLength(1);
  return new URLSearchParams(new URL(links[0]!).hash.slice(1)).get('token')!;
}

export async function linkTo(api: Api, email: string, template: string): Promise<string> {
  return tokenOf(await mailTo(api, email, template));
}

const INSERT = `INSERT INTO recovery_token (user_id, purpose, email, token_hash, bound_to, expires_at)
  VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 second')`;

/** A token as a mail would have carried it, of which no mail tells. */
export async function plant({ database }: Api, id: number, purpose: Purpose, address?: string): Promise<string> {
  const [account] = await database.query<{ email: string; hashed_password: string }>(
    'SELECT email, hashed_password FROM "user" WHERE id = $1',
    [id],
  );
  const token = randomBytes(32).toString('base64url');
  const values = [hashOf(token), boundTo(purpose, account!), lifetimeOf(purpose)];
  await database.query(INSERT, [id, purpose, address ?? account!.email, ...values]);
  return token;
}

export const verify = ({ agent }: Pick<User, 'agent'>, token: string): Test =>
  agent.post(`${AUTH}/email/verify`).send({ token });

export const changeTo = ({ agent }: Pick<User, 'agent'>, new_email: string, current_password = PASSWORD): Test =>
  agent.post(`${AUTH}/email/change`).send({ new_email, current_password });

export const revert = ({ http }: Api, token: string, new_password = NEW_PASSWORD): Test =>
  http.post(`${AUTH}/email/revert`).send({ token, new_password });

export const reset = ({ http }: Api, token: string, new_password = NEW_PASSWORD): Test =>
  http.post(`${AUTH}/password/reset`).send({ token, new_password });

export const login = ({ http }: Api, username: string, password: string): Test =>
  http.post(`${AUTH}/login`).send({ username, password });

/** Somebody whose address is verified. */
export async function verified(api: Api): Promise<User> {
  const user = await api.signUp();
  await verify(user, await linkTo(api, user.email, 'verify_email')).expect(204);
  return user;
}

export async function accountOf({ agent }: Pick<User, 'agent'>): Promise<Record<string, unknown>> {
  return (await agent.get(`${PREFIX}/users/me`).expect(200)).body;
}

/** Lets time pass for the tokens of a user: in the table, they are older then. */
export async function wait({ database }: Api, { id }: Pick<User, 'id'>, time: string): Promise<void> {
  await database.query(
    `UPDATE recovery_token SET created_at = created_at - $2::interval, expires_at = expires_at - $2::interval
     WHERE user_id = $1`,
    [id, time],
  );
}

/** How many of fifty requests at once were answered with each status. */
export async function fifty(send: () => Test): Promise<Record<number, number>> {
  const answers = await Promise.all(Array.from({ length: 50 }, send));
  const statuses = answers.map(({ status }) => status);
  return Object.fromEntries([...new Set(statuses)].map((one) => [one, statuses.filter((s) => s === one).length]));
}
