import { Injectable } from '@nestjs/common';
import { Sql } from '../../platform/database/sql.js';
import type { Caller } from '../../platform/http/access/caller.js';
import { FreshProofRequired } from '../auth.errors.js';

const FIND = {
  name: 'fresh_proof',
  text: `SELECT FROM auth_session WHERE id = $1 AND proved_at > now() - interval '10 minutes'`,
};

/** When the owner of an account has last proved in a session that it is they: by signing in, or since. */
@Injectable()
export class FreshProofs {
  constructor(private readonly sql: Sql) {}

  /** Throws `FreshProofRequired` unless that was within ten minutes. */
  async require({ session_id }: Caller): Promise<void> {
    const { rowCount } = await this.sql.query({ ...FIND, values: [session_id] });
    if (rowCount === 0) throw new FreshProofRequired();
  }

  /** The owner has just proved it, by all that the account asks for at sign-in. */
  async renew({ session_id }: Caller): Promise<void> {
    await this.sql.query('UPDATE auth_session SET proved_at = now(), updated_at = now() WHERE id = $1', [session_id]);
  }
}
