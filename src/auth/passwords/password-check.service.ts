import { Injectable } from '@nestjs/common';
import type { Caller } from '../../platform/http/access/caller.js';
import { ValidationFailed } from '../../platform/http/problems/http.errors.js';
import type { Client } from '../../platform/http/requests/client-info.js';
import { audit, type AuditEvent } from '../../platform/runtime/log/audit.js';
import type { OwnerProof } from '../../users/owner-proof.service.js';
import { type Credentials, CredentialsService } from '../../users/passwords/credentials.service.js';
import { PasswordsService } from '../../users/passwords/passwords.service.js';
import { WrongPassword } from '../../users/users.errors.js';
import { type Attempt, FailuresService } from '../lock-out/failures.service.js';
import { FreshProofs } from '../sessions/fresh-proofs.service.js';
import { SignInSteps } from '../sign-in/sign-in-steps.service.js';

/** Checks passwords of accounts, and counts wrong ones. */
@Injectable()
export class PasswordCheck implements OwnerProof {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly passwords: PasswordsService,
    private readonly failures: FailuresService,
    private readonly steps: SignInSteps,
    private readonly proofs: FreshProofs,
  ) {}

  /**
   * Says whether the password is right, unless there were too many wrong ones before it; counts a wrong one. Throws
   * `TooManyRequests`, `TooBusy`.
   */
  async verify(password: string, user: Credentials | null, attempt: Attempt, failure: AuditEvent): Promise<boolean> {
    // Also before the turn: an attempt that is delayed anyway should not wait in line.
    await this.failures.requirePatience(attempt);
    return this.passwords.verify(password, user?.hashed_password, {
      before: () => this.failures.requirePatience(attempt),
      wrong: async () => {
        await this.failures.add(attempt);
        audit(failure, { user_id: user?.id, session_id: attempt.sessionId, ...attempt.client });
      },
    });
  }

  /** Lets callers through who know their password and, if the account asks for more at sign-in, have proved that lately. */
  async require(
    caller: Caller,
    password: string | undefined,
    client: Client,
    failure: AuditEvent,
  ): Promise<Credentials> {
    // First: whoever has not proved the rest may not try passwords either.
    if (await this.steps.of(caller.id)) await this.proofs.require(caller);
    if (password !== undefined) return this.requirePassword(caller, password, client, failure);
    const user = await this.credentials.of(caller.id);
    if (user?.hashed_password !== null) {
      throw new ValidationFailed([{ field: 'current_password', message: 'current_password is needed' }]);
    }
    // How the owner signs in is all there is to prove it by.
    await this.proofs.require(caller);
    return user;
  }

  /** Lets callers through who know their password, which may not be all that is asked for. */
  async requirePassword(
    { id, username, session_id }: Caller,
    password: string,
    client: Client,
    failure: AuditEvent,
  ): Promise<Credentials> {
    const user = await this.credentials.of(id);
    const attempt = { name: username, userId: id, sessionId: session_id ?? undefined, client };
    if (!(await this.verify(password, user, attempt, failure))) throw new WrongPassword();
    return user!;
  }
}
