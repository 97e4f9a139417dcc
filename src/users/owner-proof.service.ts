import type { Caller } from '../platform/http/access/caller.js';
import type { Client } from '../platform/http/requests/client-info.js';
import type { AuditEvent } from '../platform/runtime/log/audit.js';

/** Makes sure that it is the owner who asks for what can't be taken back: a token alone is not enough. Whoever signs people in provides it. */
export abstract class OwnerProof {
  /**
   * Throws `WrongPassword`, `TooManyRequests`, `TooBusy`; audits a wrong password as `failure`. An account without one needs
   * a fresh proof instead; any other, without the password, gets `ValidationFailed`.
   */
  abstract require(caller: Caller, password: string | undefined, client: Client, failure: AuditEvent): Promise<unknown>;
}
