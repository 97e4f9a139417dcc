import { PASSWORD } from '../support/api.js';
import type { DomainFacts, Scene } from '../support/route-facts.js';
import { NEW_PASSWORD, plant } from './links.js';

const REGISTERED = 5;
const FEW_MAILS = 'it sends a mail, of which there are few, and the last one counts';

export const facts: DomainFacts = {
  names:
    /\brecovery_(?:token|lock)|\/auth\/email\b|\/auth\/password\/|\binvalid_link\b|\bemail_(?:already_verified|verification_required)\b|\bnew_email_required\b|\bforgotten_password\b|\bRECOVERY_MAILS/i,
  exported: { recovery_token: { none: 'only says what was sent to the address of the account' } },
  rows: {
    verify_token: ({ api, user }: Scene) => plant(api, user.id, 'verify'),
    revert_token: ({ api, user }: Scene) => plant(api, user.id, 'revert'),
    reset_token: ({ api, user }: Scene) => plant(api, user.id, 'reset'),
  },
  adds: {
    'POST /users': REGISTERED,
    'PATCH /users/{username}': REGISTERED,
    'PATCH /admin/users/{username}': REGISTERED,
  },
  routes: {
    'POST /auth/email/verification': {
      statements: 7,
      status: 202,
      before: 'DELETE FROM recovery_token',
      withoutIdempotency: FEW_MAILS,
    },
    'POST /auth/email/verify': {
      statements: 8,
      status: 204,
      body: { token: '{verify_token}' },
      refusesOthers: '403 invalid_link',
    },
    'POST /auth/email/change': {
      statements: 11,
      status: 202,
      body: { new_email: 'new{unique}@example.com', current_password: PASSWORD },
      before: 'DELETE FROM recovery_token',
      withoutIdempotency: FEW_MAILS,
    },
    'POST /auth/email/revert': {
      statements: 15,
      tells: 1,
      as: 'nobody',
      status: 204,
      body: { token: '{revert_token}', new_password: NEW_PASSWORD },
    },
    'POST /auth/password/forgot': {
      statements: 1,
      as: 'nobody',
      status: 202,
      body: { email: 'who@example.com' },
      withoutIdempotency: FEW_MAILS,
    },
    'POST /auth/password/reset': {
      statements: 14,
      tells: 1,
      as: 'nobody',
      status: 204,
      body: { token: '{reset_token}', new_password: NEW_PASSWORD },
    },
  },
};
