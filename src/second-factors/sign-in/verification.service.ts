import { Injectable } from '@nestjs/common';
import { type Attempt, FailuresService } from '../../auth/lock-out/failures.service.js';
import { Sql } from '../../platform/database/sql.js';
import { Transactions } from '../../platform/database/transactions.js';
import { audit } from '../../platform/runtime/log/audit.js';
import { AccountNotices } from '../../users/notices/account-notices.service.js';
import { type Passkey, RelyingParty } from '../passkeys/relying-party.service.js';
import { RecoveryCodesService } from '../recovery-codes/recovery-codes.service.js';
import type { SecondFactor } from '../second-factor.entity.js';
import type { ShownFactor } from '../second-factors.dto.js';
import { stepOf } from '../totp/totp-secrets.js';
import { TotpSeal } from '../totp/totp-seal.service.js';

// One attempt of an account after the other: many at once would all come before the first is counted.
const LOCK = {
  name: 'second_factor_lock',
  text: `SELECT id, kind, sealed_secret, credential_id, public_key, counter FROM second_factor
    WHERE user_id = $1 AND confirmed_at IS NOT NULL ORDER BY id FOR UPDATE`,
};
const USE_CODE = {
  name: 'second_factor_use_code',
  text: 'UPDATE second_factor SET last_step = $2, last_used_at = now() WHERE id = $1 AND last_step < $2',
};
const USE_PASSKEY = {
  name: 'second_factor_use_passkey',
  text: 'UPDATE second_factor SET counter = $2, last_used_at = now() WHERE id = $1',
};

type Factor = Pick<SecondFactor, 'id' | 'kind' | 'sealed_secret' | 'credential_id' | 'public_key' | 'counter'>;

/** What was shown: a code that was right once is no guess. */
type Outcome = 'right' | 'used' | 'wrong';

/** Says whether what somebody shows is a second factor of an account, and counts what is wrong. */
@Injectable()
export class Verification {
  constructor(
    private readonly seal: TotpSeal,
    private readonly site: RelyingParty,
    private readonly codes: RecoveryCodesService,
    private readonly failures: FailuresService,
    private readonly notices: AccountNotices,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
  ) {}

  /**
   * Uses it up, if it is right. Throws `TooManyRequests` while a delay applies.
   * @param signed what a passkey has to have signed
   */
  async take(userId: number, shown: ShownFactor, attempt: Attempt, signed?: string): Promise<boolean> {
    const outcome = await this.transactions.run(async () => {
      const { rows } = await this.sql.query<Factor>({ ...LOCK, values: [userId] });
      await this.failures.requirePatience(attempt);
      const found = await this.outcomeOf(userId, rows, shown, signed);
      if (found === 'wrong') await this.failures.add(attempt);
      return found;
    });
    const { sessionId: session_id, client } = attempt;
    if (outcome !== 'right') audit('second_factor_failed', { user_id: userId, session_id, ...client });
    else if (shown.recovery_code) audit('recovery_code_used', { user_id: userId, session_id, ...client });
    return outcome === 'right';
  }

  private async outcomeOf(
    userId: number,
    factors: Factor[],
    { code, recovery_code, passkey }: ShownFactor,
    signed = '',
  ): Promise<Outcome> {
    if (factors.length === 0) return 'wrong';
    if (code !== undefined) return this.useCode(userId, factors, code);
    if (passkey) return this.usePasskey(factors, passkey, signed);
    return recovery_code === undefined ? 'wrong' : this.useRecoveryCode(userId, recovery_code);
  }

  private async useRecoveryCode(userId: number, code: string): Promise<Outcome> {
    if (!(await this.codes.take(userId, code))) return 'wrong';
    await this.notices.tell(userId, 'recovery_code_used', { left: await this.codes.count(userId) });
    return 'right';
  }

  private async useCode(userId: number, factors: Factor[], code: string): Promise<Outcome> {
    for (const { id, sealed_secret } of factors) {
      const secret = sealed_secret && this.seal.open(userId, sealed_secret);
      const step = secret ? stepOf(code, secret) : undefined;
      if (step === undefined) continue;
      const { rowCount } = await this.sql.query({ ...USE_CODE, values: [id, step] });
      return rowCount === 1 ? 'right' : 'used';
    }
    return 'wrong';
  }

  private async usePasskey(factors: Factor[], passkey: object, signed: string): Promise<Outcome> {
    const { id: credentialId } = passkey as { id?: unknown };
    const factor = factors.find(({ kind, credential_id }) => kind === 'passkey' && credential_id === credentialId);
    const counter = factor && (await this.site.counterOf({ ...factor, transports: [] } as Passkey, passkey, signed));
    if (!factor || counter === undefined) return 'wrong';
    await this.sql.query({ ...USE_PASSKEY, values: [factor.id, counter] });
    return 'right';
  }
}
