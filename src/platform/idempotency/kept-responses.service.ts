import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Sql } from '../database/sql.js';
import { IdempotencyConfig } from './idempotency.config.js';
import { TooManyIdempotencyKeys } from './idempotency.errors.js';

const FIND = { name: 'kept_response', text: 'SELECT sealed FROM kept_response WHERE key_hash = $1' };
const LOCK = { name: 'kept_response_lock', text: 'SELECT pg_try_advisory_xact_lock($1) AS is_held' };
const LOOK = {
  name: 'kept_response_look',
  text: `SELECT count(*)::int AS keys, coalesce(sum(byte_count), 0)::float8 AS bytes,
                EXISTS (SELECT FROM kept_response WHERE key_hash = $2) AS is_answered
           FROM kept_response WHERE owner = $1`,
};
const KEEP = {
  name: 'kept_response_keep',
  text: 'INSERT INTO kept_response (owner, key_hash, sealed, byte_count) VALUES ($1, $2, $3, $4)',
};

/** Somebody else uses the key at this moment, or just has. */
export class KeyTaken extends Error {}

/** An idempotency key of an owner. */
export interface OwnKey {
  owner: string;
  hash: Buffer;
}

export const ownerOf = (userId: number) => `user:${userId}`;

export function ownKey(owner: string, key: string): OwnKey {
  return { owner, hash: createHash('sha256').update(`${owner}\n${key}`).digest() };
}

/** Where responses are kept, in the transaction of what they tell of. */
@Injectable()
export class KeptResponses {
  constructor(
    private readonly sql: Sql,
    private readonly config: IdempotencyConfig,
  ) {}

  async find({ hash }: OwnKey): Promise<Buffer | undefined> {
    const { rows } = await this.sql.query<{ sealed: Buffer }>({ ...FIND, values: [hash] });
    return rows[0]?.sealed;
  }

  /** Holds the key until the open transaction ends. Throws `KeyTaken`, and `TooManyIdempotencyKeys`. */
  async claim({ owner, hash }: OwnKey): Promise<void> {
    const { rows: locks } = await this.sql.query<{ is_held: boolean }>({ ...LOCK, values: [hash.readBigInt64BE()] });
    if (!locks[0]!.is_held) throw new KeyTaken();
    // Sees what was committed before the lock was free.
    const { rows } = await this.sql.query<{ keys: number; bytes: number; is_answered: boolean }>({
      ...LOOK,
      values: [owner, hash],
    });
    const { keys, bytes, is_answered } = rows[0]!;
    if (is_answered) throw new KeyTaken();
    const { IDEMPOTENCY_MAX_KEYS_PER_OWNER: mostKeys, IDEMPOTENCY_MAX_BYTES_PER_OWNER: mostBytes } = this.config;
    if (isFull(keys, mostKeys) || isFull(bytes, mostBytes)) throw new TooManyIdempotencyKeys();
  }

  async keep({ owner, hash }: OwnKey, sealed: Buffer): Promise<void> {
    await this.sql.query({ ...KEEP, values: [owner, hash, sealed, sealed.length] });
  }

  async forget(owner: string): Promise<void> {
    await this.sql.query('DELETE FROM kept_response WHERE owner = $1', [owner]);
  }
}

function isFull(used: number, most: number): boolean {
  return most > 0 && used >= most;
}
