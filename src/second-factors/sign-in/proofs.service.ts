import { Injectable } from '@nestjs/common';
import { PasswordCheck } from '../../auth/passwords/password-check.service.js';
import { FreshProofs } from '../../auth/sessions/fresh-proofs.service.js';
import { actorOf, type Caller } from '../../platform/http/access/caller.js';
import { ValidationFailed } from '../../platform/http/problems/http.errors.js';
import type { Client } from '../../platform/http/requests/client-info.js';
import { audit } from '../../platform/runtime/log/audit.js';
import { CredentialsService } from '../../users/passwords/credentials.service.js';
import { clientOf } from '../passkeys/passkeys.service.js';
import type { FactorProof } from '../second-factors.dto.js';
import { NoSecondFactor, NoSuchChallenge, WrongProof } from '../second-factors.errors.js';
import { SecondFactorsService } from '../second-factors.service.js';
import { Challenges } from './challenges.service.js';
import { requireOne } from './shown-factor.js';
import { Verification } from './verification.service.js';

/** Proofs, within a session, that it is the owner of an account with second factors who calls. */
@Injectable()
export class FactorProofs {
  constructor(
    private readonly factors: SecondFactorsService,
    private readonly challenges: Challenges,
    private readonly verification: Verification,
    private readonly credentials: CredentialsService,
    private readonly check: PasswordCheck,
    private readonly proofs: FreshProofs,
  ) {}

  /**
   * Takes a passkey, or a code beside the password, if there is one. Throws `WrongProof`, `WrongPassword`,
   * `NoSuchChallenge`, `NoSecondFactor`, `ValidationFailed`, `TooManyRequests`, `TooBusy`.
   */
  async prove(caller: Caller, { password, challenge, ...shown }: FactorProof, client: Client): Promise<void> {
    requireOne(shown);
    if (!(await this.factors.has(caller.id))) throw new NoSecondFactor();
    const signed = shown.passkey ? await this.takeChallenge(caller, challenge) : undefined;
    if (!shown.passkey) await this.requirePassword(caller, password, client);
    const { id, username, session_id } = caller;
    const attempt = { name: username, userId: id, sessionId: session_id!, client };
    if (!(await this.verification.take(id, shown, attempt, signed))) throw new WrongProof();
    await this.proofs.renew(caller);
    audit('proved', { ...actorOf(caller), ...client });
  }

  private async takeChallenge(caller: Caller, token = ''): Promise<string> {
    const challenge = await this.challenges.find('proof', token, clientOf(caller));
    // Once, whatever the answer is.
    if (!challenge || !(await this.challenges.take(challenge))) throw new NoSuchChallenge();
    return challenge.signed_text;
  }

  private async requirePassword(caller: Caller, password: string | undefined, client: Client): Promise<void> {
    const owner = await this.credentials.of(caller.id);
    if (owner?.hashed_password === null) return;
    if (password === undefined) {
      throw new ValidationFailed([{ field: 'password', message: 'password is needed beside a code' }]);
    }
    await this.check.requirePassword(caller, password, client, 'proof_failed');
  }
}
