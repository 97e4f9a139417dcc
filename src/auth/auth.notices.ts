/** What owners of accounts are told of signing in. */
import { defineNotices } from '../users/notices/account-notices.service.js';

const notices = defineNotices({
  password_changed: {
    about: 'Your password was changed',
    isRequired: true,
    subject: 'Your password was changed',
    text: () => ['The password of your account was changed, and all other sessions were ended.'],
  },
});

type Declared = typeof notices;

declare module '../users/notices/account-notices.service.js' {
  interface Notices extends Declared {}
}
