import { type HttpException, Injectable } from '@nestjs/common';
import type { Attempt } from '../../auth/lock-out/failures.service.js';
import { attemptOf, SessionHandover } from '../../auth/sign-in/session-handover.service.js';
import { type SignInStep, SignInSteps } from '../../auth/sign-in/sign-in-steps.service.js';
import { AddsProblem } from '../../platform/http/access/added-problems.js';
import type { AccessToken } from '../../platform/http/access/access-token.js';
import type { Exchange } from '../../platform/http/access/exchange.js';
import { networkOf } from '../../platform/limits/ip-network.js';
import { Sql } from '../../platform/database/sql.js';
import { type Credentials, CredentialsService } from '../../users/passwords/credentials.service.js';
import { handleOf, RelyingParty } from '../passkeys/relying-party.service.js';
import { ownerOf, PasskeysService } from '../passkeys/passkeys.service.js';
import { RecoveryCodesService } from '../recovery-codes/recovery-codes.service.js';
import type { PasskeyOptions, PasskeySignIn, SignInChallenge, StepAnswer } from '../second-factors.dto.js';
import { ChallengeEnded, SecondFactorRequired, WrongSecondFactor } from '../second-factors.errors.js';
import { SecondFactorsService } from '../second-factors.service.js';
import { ChallengeCookie } from './challenge-cookie.js';
import { Challenges, isOf, LIFETIME_SECONDS } from './challenges.service.js';
import { Verification } from './verification.service.js';

const OWNER_OF_PASSKEY = {
  name: 'second_factor_owner_of_passkey',
  text: 'SELECT user_id FROM second_factor WHERE credential_id = $1',
};
const SIX_DIGITS = /^\d{6}$/;

/** Sign-in with a second factor, and with a passkey alone. */
@Injectable()
@AddsProblem('sign-in', SecondFactorRequired)
export class FactorSignIns implements SignInStep {
  constructor(
    private readonly factors: SecondFactorsService,
    private readonly codes: RecoveryCodesService,
    private readonly passkeys: PasskeysService,
    private readonly site: RelyingParty,
    private readonly challenges: Challenges,
    private readonly verification: Verification,
    private readonly credentials: CredentialsService,
    private readonly handover: SessionHandover,
    private readonly cookie: ChallengeCookie,
    private readonly sql: Sql,
    steps: SignInSteps,
  ) {
    steps.provide(this);
  }

  isAsked(userId: number): Promise<boolean> {
    return this.factors.has(userId);
  }

  async begin({ id, hashed_password }: Credentials, exchange: Exchange): Promise<HttpException> {
    const client = this.cookie.give(exchange);
    const given = { purpose: 'step' as const, owner: ownerOf(id), user_id: id, hashed_password, client };
    const { token, signed } = await this.challenges.give(given);
    const passkeys = await this.passkeys.of(id);
    const kinds: SignInChallenge['kinds'] = await this.kindsOf(id, passkeys.length);
    const passkey_options = passkeys.length > 0 ? await this.site.requestOptions(signed, passkeys) : null;
    return new SecondFactorRequired({ token, kinds, expires_in: LIFETIME_SECONDS, passkey_options });
  }

  isDone(owner: Credentials, text: string, from: Pick<Exchange, 'client' | 'devices'>): Promise<boolean> {
    const shown = SIX_DIGITS.test(text) ? { code: text } : { recovery_code: text };
    return this.verification.take(owner.id, shown, factorAttempt(owner, from));
  }

  /** Throws `ChallengeEnded`, `WrongSecondFactor`, `TooManyRequests`. */
  async answer({ challenge: token, ...shown }: StepAnswer, exchange: Exchange): Promise<AccessToken> {
    const challenge = await this.challenges.find('step', token, this.cookie.shownBy(exchange));
    const owner = challenge && (await this.credentials.of(challenge.user_id!));
    if (!owner || !isOf(challenge, owner.hashed_password)) throw new ChallengeEnded();
    const attempt = factorAttempt(owner, exchange);
    if (!(await this.verification.take(owner.id, shown, attempt, challenge.signed_text))) throw new WrongSecondFactor();
    if (!(await this.challenges.take(challenge))) throw new ChallengeEnded();
    return this.open(owner, exchange, kindOf(shown));
  }

  /** What a browser needs to sign in with whichever passkey the user has. */
  async beginPasskey(exchange: Exchange): Promise<PasskeyOptions> {
    const owner = `address:${networkOf(exchange.client.address)}`;
    const client = this.cookie.give(exchange);
    const { token, signed } = await this.challenges.give({ purpose: 'passkey', owner, client });
    return { token, expires_in: LIFETIME_SECONDS, options: await this.site.requestOptions(signed) };
  }

  /** A passkey is two factors, what one has and a PIN or a finger. Throws as `answer`. */
  async signInByPasskey({ challenge: token, passkey }: PasskeySignIn, exchange: Exchange): Promise<AccessToken> {
    const challenge = await this.challenges.find('passkey', token, this.cookie.shownBy(exchange));
    // Once, whatever the answer is.
    if (!challenge || !(await this.challenges.take(challenge))) throw new ChallengeEnded();
    const owner = await this.ownerOf(passkey);
    if (!owner) throw new WrongSecondFactor();
    const attempt = factorAttempt(owner, exchange);
    if (!(await this.verification.take(owner.id, { passkey }, attempt, challenge.signed_text))) {
      throw new WrongSecondFactor();
    }
    return this.open(owner, exchange, 'passkey');
  }

  private async open(owner: Credentials, exchange: Exchange, second_factor: string): Promise<AccessToken> {
    const token = await this.handover.open(owner, exchange, { second_factor });
    this.cookie.clear(exchange.reply);
    return token;
  }

  private async kindsOf(userId: number, passkeys: number): Promise<SignInChallenge['kinds']> {
    const [apps, codes] = await Promise.all([this.factors.countApps(userId), this.codes.count(userId)]);
    const kinds = { totp: apps, passkey: passkeys, recovery_code: codes };
    return (Object.keys(kinds) as SignInChallenge['kinds']).filter((kind) => kinds[kind] > 0);
  }

  private async ownerOf({ id, response }: Shown): Promise<Credentials | null> {
    if (typeof id !== 'string') return null;
    const { rows } = await this.sql.query<{ user_id: number }>({ ...OWNER_OF_PASSKEY, values: [id] });
    const userId = rows[0]?.user_id;
    if (userId === undefined) return null;
    const handle = Buffer.from(handleOf(userId)).toString('base64url');
    return response?.userHandle === handle ? this.credentials.of(userId) : null;
  }
}

interface Shown {
  id?: unknown;
  response?: { userHandle?: unknown };
}

/** Wrong factors are counted apart from wrong passwords, which come before. */
function factorAttempt(owner: Credentials, from: Pick<Exchange, 'client' | 'devices'>): Attempt {
  return { ...attemptOf(owner, from), isFactor: true };
}

function kindOf({ code, recovery_code }: Omit<StepAnswer, 'challenge'>): SignInChallenge['kinds'][number] {
  if (code !== undefined) return 'totp';
  return recovery_code === undefined ? 'passkey' : 'recovery_code';
}
