import type { DomainFacts } from '../support/route-facts.js';

export const facts: DomainFacts = {
  names: /\/me\/notices\b|\b(?:FROM|INTO) notice\b|notice_name/,
  exported: { notice: { none: 'says which mails their owner wants, and how many there were in an hour' } },
  rows: { notice_name: () => Promise.resolve('new_device') },
  statementsOfNotice: 2,
  // Whether the device is new.
  statementsOfSignIn: 1,
  routes: {
    'GET /users/me/notices': { statements: 1 },
    'GET /users/me/notices/{notice_name}': { statements: 1, isForOthers: true },
    'PATCH /users/me/notices/{notice_name}': { statements: 2, body: { is_on: false }, isForOthers: true },
  },
};
