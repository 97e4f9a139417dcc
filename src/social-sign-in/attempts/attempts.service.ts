import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import { Sql } from '../../platform/database/sql.js';
import type { Challenge } from '../providers/provider.js';
import { UnknownAttempt } from '../social-sign-in.errors.js';
import { SocialAttempt } from './social-attempt.entity.js';

const SECRET_BYTES = 32;
const SECRET = /^[\w-]{43}$/;

const TAKE = {
  name: 'take_social_attempt',
  text: `DELETE FROM social_attempt WHERE attempt_hash = $1 AND provider = $2
    RETURNING redirect_to, session_id, created_at > now() - interval '10 minutes' AS is_current,
      (SELECT user_id FROM auth_session WHERE id = session_id) AS user_id`,
};

/** What is remembered of an attempt while the browser is away. */
export interface Attempt {
  redirect_to: string;
  /** In which whose owner links an account, rather than signing in. */
  session: { id: number; user_id: number } | null;
}

interface Taken {
  redirect_to: string;
  session_id: number | null;
  user_id: number | null;
  is_current: boolean;
}

/** 256 random bits, as a text for cookies and queries. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

export function isSecret(text: string | undefined): text is string {
  return text !== undefined && SECRET.test(text);
}

/**
 * What binds attempts to browsers. Each browser has a secret in a cookie, and each attempt a `state`. Nonce and verifier
 * are made of both, so that neither is kept anywhere, and whoever lacks the cookie can't use an answer of the provider.
 */
@Injectable()
export class Attempts {
  constructor(
    @InjectCrud(SocialAttempt) private readonly attempts: Crud<SocialAttempt>,
    private readonly sql: Sql,
  ) {}

  /** @param secret that of the browser */
  async begin(
    secret: string,
    state: string,
    { provider, redirect_to, session_id }: Pick<SocialAttempt, 'provider' | 'redirect_to' | 'session_id'>,
  ): Promise<void> {
    const attempt_hash = derived(secret, 'attempt', state);
    await this.attempts.create({ attempt_hash, provider, redirect_to, session_id }, ['id']);
  }

  /** Ends an attempt: of many who come back with one `state` at once, one gets it. Throws `UnknownAttempt`. */
  async take(secret: string | undefined, state: string | null, provider: string): Promise<Attempt> {
    if (!isSecret(secret) || !isSecret(state ?? undefined)) throw new UnknownAttempt();
    const values = [derived(secret, 'attempt', state!), provider];
    const { rows } = await this.sql.query<Taken>({ ...TAKE, values });
    const [taken] = rows;
    if (!taken?.is_current) throw new UnknownAttempt();
    const { redirect_to, session_id, user_id } = taken;
    return { redirect_to, session: session_id === null ? null : { id: session_id, user_id: user_id! } };
  }
}

export function challengeOf(secret: string, state: string, redirect_uri: string): Challenge {
  return {
    state,
    nonce: derived(secret, 'nonce', state),
    code_verifier: derived(secret, 'verifier', state),
    redirect_uri,
  };
}

function derived(secret: string, purpose: string, state: string): string {
  return createHmac('sha256', secret).update(`${purpose} ${state}`).digest('base64url');
}
