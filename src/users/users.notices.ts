/** What owners of accounts are told of their accounts. */
import { defineNotices } from './notices/account-notices.service.js';

const notices = defineNotices({
  email_changed: {
    about: 'A change of your e-mail address, told to the old one',
    isRequired: true,
    subject: 'Your e-mail address was changed',
    text: () => ['Your account has another e-mail address from now on. This is the last message to this one.'],
  },
});

type Declared = typeof notices;

declare module './notices/account-notices.service.js' {
  interface Notices extends Declared {}
}
