import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import { Sql } from '../../platform/database/sql.js';
import { Transactions } from '../../platform/database/transactions.js';
import { RecoveryCode } from './recovery-code.entity.js';

const COUNT = 10;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
// 120 bits: who has the hashes does not find them (OWASP ASVS 5.0, 6.5.2).
const LENGTH = 24;

const TAKE = {
  name: 'second_factor_recovery_code_take',
  text: 'DELETE FROM second_factor_recovery_code WHERE user_id = $1 AND code_hash = $2',
};

/** Codes for whoever has lost all factors: each lets them in once. */
@Injectable()
export class RecoveryCodesService {
  constructor(
    @InjectCrud(RecoveryCode) private readonly codes: Crud<RecoveryCode>,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
  ) {}

  /** Ten new ones; those from before are good for nothing any more. */
  async renew(user_id: number): Promise<string[]> {
    const codes = Array.from({ length: COUNT }, newCode);
    await this.transactions.run(async () => {
      await this.removeAll(user_id);
      const rows = codes.map((code) => ({ user_id, code_hash: hashOf(code) }));
      await this.codes.createMany(rows, ['id'] as const);
    });
    return codes;
  }

  count(user_id: number): Promise<number> {
    return this.codes.count({ user_id });
  }

  /** Says whether it was one, which it is no more. */
  async take(userId: number, code: string): Promise<boolean> {
    const { rowCount } = await this.sql.query({ ...TAKE, values: [userId, hashOf(code)] });
    return rowCount === 1;
  }

  async removeAll(user_id: number): Promise<void> {
    await this.codes.dbDelete({ user_id });
  }
}

function newCode(): string {
  // 32 letters: each takes five bits of a byte, all as often as the others.
  const letters = [...randomBytes(LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return letters.match(/.{6}/g)!.join('-');
}

function hashOf(code: string): string {
  return createHash('sha256').update(code.toLowerCase().replaceAll('-', '')).digest('base64url');
}
