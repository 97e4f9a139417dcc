import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../platform/config/app.config.js';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { Caller } from '../../platform/http/access/caller.js';
import type { Client } from '../../platform/http/requests/client-info.js';
import { SecondFactor } from '../second-factor.entity.js';
import { SecondFactorRead, type TotpWithSecret } from '../second-factors.dto.js';
import { SecondFactorConfirmed, WrongProof } from '../second-factors.errors.js';
import { SecondFactorsService } from '../second-factors.service.js';
import { newSecret, stepOf, uriOf } from './totp-secrets.js';
import { TotpSeal } from './totp-seal.service.js';

const SEALED = ['id', 'confirmed_at', 'sealed_secret'] as const;

/** Adds authenticator apps. */
@Injectable()
export class TotpService {
  constructor(
    @InjectCrud(SecondFactor) private readonly factors: Crud<SecondFactor>,
    private readonly all: SecondFactorsService,
    private readonly seal: TotpSeal,
    private readonly transactions: Transactions,
    private readonly app: AppConfig,
  ) {}

  /** One that does not count yet, in place of an earlier one that never did. Throws `TooManySecondFactors`. */
  async begin({ id: user_id, username }: Caller, name: string): Promise<TotpWithSecret> {
    const secret = newSecret();
    const values = { kind: 'totp' as const, name, user_id, ...this.seal.seal(user_id, secret) };
    const factor = await this.all.add(values, { kind: 'totp', confirmed_at: null });
    const uri = uriOf(secret, this.app.APP_NAME, username);
    // Loaded by whoever needs it first.
    const { toString } = await import('qrcode');
    return { ...factor, secret, uri, qr_svg: await toString(uri, { type: 'svg' }) };
  }

  /** It counts from then on. Throws `SecondFactorNotFound`, `SecondFactorConfirmed`, `WrongProof`. */
  confirm(caller: Caller, id: number, code: string, client: Client): Promise<SecondFactorRead> {
    const where = { id, user_id: caller.id, kind: 'totp' as const };
    return this.transactions.run(async () => {
      const { confirmed_at, sealed_secret } = await this.factors.getOrThrow<
        Pick<SecondFactor, (typeof SEALED)[number]>
      >(where, SEALED, { lock: true });
      if (confirmed_at !== null) throw new SecondFactorConfirmed();
      const secret = this.seal.open(caller.id, sealed_secret!);
      const last_step = secret && stepOf(code, secret);
      if (!last_step) throw new WrongProof();
      const factor = await this.factors.updateOrThrow(where, { confirmed_at: new Date(), last_step }, SecondFactorRead);
      await this.all.confirmed(caller, factor, client);
      return factor;
    });
  }
}
