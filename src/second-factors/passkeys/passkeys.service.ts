import { Injectable } from '@nestjs/common';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { Caller } from '../../platform/http/access/caller.js';
import type { Client } from '../../platform/http/requests/client-info.js';
import { SecondFactor } from '../second-factor.entity.js';
import type { PasskeyCreate, PasskeyOptions, SecondFactorRead } from '../second-factors.dto.js';
import { NoSuchChallenge, PasskeyRefused } from '../second-factors.errors.js';
import { MOST_FACTORS, SecondFactorsService } from '../second-factors.service.js';
import { Challenges, LIFETIME_SECONDS } from '../sign-in/challenges.service.js';
import { type Passkey, RelyingParty } from './relying-party.service.js';

const COLUMNS = ['credential_id', 'transports'] as const;

/** Adds passkeys. */
@Injectable()
export class PasskeysService {
  constructor(
    @InjectCrud(SecondFactor) private readonly factors: Crud<SecondFactor>,
    private readonly all: SecondFactorsService,
    private readonly challenges: Challenges,
    private readonly site: RelyingParty,
    private readonly transactions: Transactions,
  ) {}

  /** Those of an account, as browsers are asked for them. */
  async of(user_id: number): Promise<Pick<Passkey, 'credential_id' | 'transports'>[]> {
    const rows = await this.factors.getMany({ user_id, kind: 'passkey' }, COLUMNS, { limit: MOST_FACTORS });
    return rows.map(({ credential_id, transports }) => ({ credential_id: credential_id!, transports }));
  }

  /** What a browser needs to make one. */
  async begin(caller: Caller): Promise<PasskeyOptions> {
    const given = { purpose: 'registration' as const, owner: ownerOf(caller.id), client: clientOf(caller) };
    const { token, signed } = await this.challenges.give({ ...given, user_id: caller.id });
    const options = await this.site.creationOptions(caller, signed, await this.of(caller.id));
    return { token, expires_in: LIFETIME_SECONDS, options };
  }

  /** What a browser needs to use one of those that a caller has. */
  async beginProof(caller: Caller): Promise<PasskeyOptions> {
    const given = { purpose: 'proof' as const, owner: ownerOf(caller.id), client: clientOf(caller) };
    const { token, signed } = await this.challenges.give({ ...given, user_id: caller.id });
    const options = await this.site.requestOptions(signed, await this.of(caller.id));
    return { token, expires_in: LIFETIME_SECONDS, options };
  }

  /** Throws `NoSuchChallenge`, `PasskeyRefused`, `PasskeyTaken`, `TooManySecondFactors`. */
  async add(
    caller: Caller,
    { challenge: token, passkey, name }: PasskeyCreate,
    client: Client,
  ): Promise<SecondFactorRead> {
    const challenge = await this.challenges.find('registration', token, clientOf(caller));
    // Once, whatever the answer is.
    if (!challenge || !(await this.challenges.take(challenge))) throw new NoSuchChallenge();
    const created = await this.site.created(passkey, challenge.signed_text);
    if (!created) throw new PasskeyRefused();
    return this.transactions.run(async () => {
      const values = { ...created, kind: 'passkey' as const, name, user_id: caller.id, confirmed_at: new Date() };
      const factor = await this.all.add(values);
      await this.all.confirmed(caller, factor, client);
      return factor;
    });
  }
}

export const ownerOf = (userId: number) => `user:${userId}`;

/** Whoever is signed in answers in the same session. */
export const clientOf = ({ session_id }: Caller) => `session ${session_id}`;
