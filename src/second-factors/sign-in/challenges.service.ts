import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import { Sql } from '../../platform/database/sql.js';
import { Transactions } from '../../platform/database/transactions.js';
import { Challenge, type Purpose } from './challenge.entity.js';

export const LIFETIME_SECONDS = 300;
// Of one user, or one address.
const MOST = 20;
const BYTES = 32;

const MAKE_ROOM = {
  name: 'second_factor_challenge_room',
  text: `DELETE FROM second_factor_challenge WHERE id IN (
    SELECT id FROM second_factor_challenge WHERE owner = $1 ORDER BY id DESC OFFSET $2)`,
};

export interface Given {
  purpose: Purpose;
  /** A user or an address, who may have so many at once. */
  owner: string;
  /** What the client holds that it is given to: a cookie, or the name of its session. */
  client: string;
  user_id?: number;
  /** A new one ends the challenge. */
  hashed_password?: string | null;
}

export type Found = Pick<Challenge, 'id' | 'user_id' | 'password_hash' | 'signed_text'>;

/** What clients have to answer. Random bits need no slow hash: nobody can guess them. */
@Injectable()
export class Challenges {
  constructor(
    @InjectCrud(Challenge) private readonly challenges: Crud<Challenge>,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
  ) {}

  /** A new one, and the text that a passkey has to sign. Of too many of one owner, the oldest end. */
  async give({ purpose, owner, client, user_id, hashed_password }: Given): Promise<{ token: string; signed: string }> {
    const [token, signed] = [randomText(), randomText()];
    const password_hash = hashed_password ? hashOf(hashed_password) : null;
    const expires_at = new Date(Date.now() + LIFETIME_SECONDS * 1000);
    const hashes = { token_hash: hashOf(token), client_hash: hashOf(client), password_hash };
    await this.transactions.run(async () => {
      const values = { purpose, owner, user_id: user_id ?? null, signed_text: signed, expires_at, ...hashes };
      await this.challenges.create(values, ['id'] as const);
      await this.sql.query({ ...MAKE_ROOM, values: [owner, MOST] });
    });
    return { token, signed };
  }

  /** The challenge that a client answers; null if it is not one that it can answer so. */
  find(purpose: Purpose, token: string, client: string): Promise<Found | null> {
    const where = { purpose, token_hash: hashOf(token), client_hash: hashOf(client), expires_at: { gt: new Date() } };
    return this.challenges.get<Found>(where, ['id', 'user_id', 'password_hash', 'signed_text'] as const);
  }

  /** Ends a challenge; says whether nobody else has done so before. */
  async take({ id }: Found): Promise<boolean> {
    const { rowCount } = await this.sql.query('DELETE FROM second_factor_challenge WHERE id = $1', [id]);
    return rowCount === 1;
  }
}

/** Whether it was given while an account had that hash of its password. */
export function isOf({ password_hash }: Found, hashed_password: string | null): boolean {
  if (password_hash === null || hashed_password === null) return password_hash === hashed_password;
  return timingSafeEqual(Buffer.from(password_hash), Buffer.from(hashOf(hashed_password)));
}

export const randomText = () => randomBytes(BYTES).toString('base64url');

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
