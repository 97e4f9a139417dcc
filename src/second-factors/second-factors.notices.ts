/** What owners of accounts are told of their second factors. */
import { defineNotices } from '../users/notices/account-notices.service.js';

const notices = defineNotices({
  second_factor_added: {
    about: 'A second factor was added',
    isRequired: true,
    subject: 'A second factor was added to your account',
    text: ({ name }: { name: string }) => [`“${name}” can be used from now on to sign in to your account.`],
  },
  second_factor_removed: {
    about: 'A second factor was removed',
    isRequired: true,
    subject: 'A second factor was removed from your account',
    text: ({ name }: { name: string }) => [`“${name}” can no longer be used to sign in to your account.`],
  },
  second_factors_reset: {
    about: 'All second factors were removed for you',
    isRequired: true,
    subject: 'The second factors of your account were removed',
    text: () => ['An administrator has removed all second factors and recovery codes from your account.'],
  },
  recovery_code_used: {
    about: 'A recovery code was used',
    isRequired: true,
    subject: 'A recovery code of your account was used',
    text: ({ left }: { left: number }) => [`Somebody has used a recovery code of your account. ${left} are left.`],
  },
});

type Declared = typeof notices;

declare module '../users/notices/account-notices.service.js' {
  interface Notices extends Declared {}
}
