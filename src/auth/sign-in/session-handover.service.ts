import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/database/transactions.js';
import type { Device } from '../../platform/http/access/caller.js';
import type { Exchange } from '../../platform/http/access/exchange.js';
import type { Client } from '../../platform/http/requests/client-info.js';
import { audit, type AuditFacts } from '../../platform/runtime/log/audit.js';
import { type Credentials, CredentialsService } from '../../users/passwords/credentials.service.js';
import type { AccessToken } from '../../platform/http/access/access-token.js';
import { WrongCredentials } from '../auth.errors.js';
import { type Attempt, FailuresService } from '../lock-out/failures.service.js';
import { KnownDevices } from '../lock-out/known-devices.js';
import { NewDevices } from '../lock-out/new-devices.service.js';
import { SessionDelivery } from '../sessions/session-delivery.service.js';
import { type OpenSession, SessionsService } from '../sessions/sessions.service.js';
import { SignInSteps } from './sign-in-steps.service.js';

/** The one place where a session is opened and handed to a client, by whatever its owner has proved to be that. */
@Injectable()
export class SessionHandover {
  constructor(
    private readonly steps: SignInSteps,
    private readonly credentials: CredentialsService,
    private readonly failures: FailuresService,
    private readonly sessions: SessionsService,
    private readonly transactions: Transactions,
    private readonly devices: KnownDevices,
    private readonly newDevices: NewDevices,
    private readonly delivery: SessionDelivery,
  ) {}

  /**
   * Opens a session for the owner of an account and hands it over. Throws what a domain answers with whose further step
   * comes first, and `WrongCredentials` if the account has been deleted or its password changed meanwhile.
   * @param owner as `CredentialsService` has found it when the proof was begun
   * @param facts what the audit trail says besides
   */
  async signIn(owner: Credentials, exchange: Exchange, facts?: AuditFacts): Promise<AccessToken> {
    const step = await this.steps.of(owner.id);
    if (step) throw await step.begin(owner, exchange);
    return this.open(owner, exchange, facts);
  }

  /** The same once every step has been taken. */
  async open(owner: Credentials, exchange: Exchange, facts?: AuditFacts): Promise<AccessToken> {
    const session = await this.openFor(owner, exchange, { facts });
    const { request, reply } = exchange;
    await this.sessions.supersede(owner.id, this.delivery.shownBy(request));
    const token = this.delivery.hand(session, reply);
    this.devices.remember(owner.id, request, reply);
    return token;
  }

  /**
   * The session alone.
   * @param lifetime in milliseconds, if not the usual one
   */
  async openFor(
    owner: Credentials,
    from: Pick<Exchange, 'client' | 'devices'>,
    { lifetime, facts }: { lifetime?: number; facts?: AuditFacts } = {},
  ): Promise<OpenSession> {
    const { client } = from;
    await this.failures.forget(attemptOf(owner, from));
    const session = await this.transactions.run(async () => {
      // A change of the password or a deletion ends the sessions that it finds: this one comes before it, or not at all.
      if (!(await this.credentials.hold(owner))) throw new WrongCredentials();
      await this.newDevices.tell(owner.id, from);
      return this.sessions.open(owner.id, client, lifetime);
    });
    audit('signed_in', { user_id: owner.id, session_id: session.id, ...client, ...facts });
    return session;
  }
}

/** An attempt to sign in as the owner of an account, as wrong ones are counted. */
export function attemptOf(
  { id, username }: Credentials,
  { client, devices }: { client: Client; devices: Device[] },
): Attempt {
  return { name: username, userId: id, device: devices.find(({ user_id }) => user_id === id), client };
}
