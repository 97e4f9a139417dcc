import { Injectable } from '@nestjs/common';
import { KeptResponses, ownerOf } from '../platform/idempotency/kept-responses.service.js';
import { AccountEvents } from './accounts.events.js';

/** Deletes what was kept of the responses to a user whose account is purged. */
@Injectable()
export class ForgottenResponses {
  constructor(accounts: AccountEvents, responses: KeptResponses) {
    accounts.subscribe({ purged: (userId) => responses.forget(ownerOf(userId)) });
  }
}
