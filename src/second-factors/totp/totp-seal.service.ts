import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { SecretConfig } from '../../platform/config/secret.config.js';
import { Sealing } from '../../platform/config/sealing.js';
import { Sql } from '../../platform/database/sql.js';
import { Transactions } from '../../platform/database/transactions.js';

const BATCH = 100;

const FIND = {
  name: 'second_factor_sealed_before',
  text: `SELECT id, user_id, sealed_secret FROM second_factor WHERE sealing_key <> $1 AND id > $2
    ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
};

type Sealed = { sealed_secret: Buffer; sealing_key: string };

/** Encrypts the secrets of apps, and again once `SECRET_KEY` has changed: they live longer than `SECRET_KEY_PREVIOUS`. */
@Injectable()
export class TotpSeal implements OnApplicationBootstrap {
  private readonly logger = new Logger(TotpSeal.name);
  private readonly sealing: Sealing;

  constructor(
    secrets: SecretConfig,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
  ) {
    this.sealing = new Sealing(secrets, 'second factors');
  }

  /** For nobody but that user. */
  seal(userId: number, secret: string): Sealed {
    return { sealed_secret: this.sealing.seal(secret, nameOf(userId)), sealing_key: this.sealing.keyId };
  }

  /** Undefined where the key is gone. */
  open(userId: number, sealed: Buffer): string | undefined {
    return this.sealing.open(sealed, nameOf(userId));
  }

  onApplicationBootstrap(): void {
    this.sealAgain().catch((error: Error) => this.logger.warn(`secrets were not encrypted again: ${error.message}`));
  }

  private async sealAgain(): Promise<void> {
    let last: number | undefined = 0;
    while (last !== undefined) last = await this.transactions.run(() => this.sealBatch(last!));
  }

  /** The last id that it has looked at; undefined when there are no more. */
  private async sealBatch(after: number): Promise<number | undefined> {
    const { rows } = await this.sql.query<{ id: number; user_id: number; sealed_secret: Buffer }>({
      ...FIND,
      values: [this.sealing.keyId, after],
    });
    for (const { id, user_id, sealed_secret } of rows) {
      const secret = this.open(user_id, sealed_secret);
      if (secret === undefined) continue;
      const { sealed_secret: sealed, sealing_key } = this.seal(user_id, secret);
      const update = 'UPDATE second_factor SET sealed_secret = $2, sealing_key = $3 WHERE id = $1';
      await this.sql.query(update, [id, sealed, sealing_key]);
    }
    return rows.at(-1)?.id;
  }
}

const nameOf = (userId: number) => Buffer.from(`user ${userId}`);
