/** What owners of accounts are told of signing in. Of what strangers send, only their address is repeated. */
import type { Client } from '../platform/http/requests/client-info.js';
import { defineNotices } from '../users/notices/account-notices.service.js';
import { deviceNameOf } from './lock-out/device-names.js';

const notices = defineNotices({
  new_device: {
    about: 'A sign-in on a new device',
    subject: 'A sign-in on a new device',
    text: ({ address, user_agent }: Client) => [
      `Somebody has signed in to your account on a device that was not known: ${deviceNameOf(user_agent)}, from the address ${address}.`,
    ],
  },
  locked_out: {
    about: 'Too many wrong passwords',
    perHour: 1,
    subject: 'Too many wrong passwords',
    text: ({ address }: Client) => [
      `Somebody has tried to sign in to your account with several wrong passwords, from the address ${address}. Further attempts have to wait for a while.`,
    ],
  },
  session_stolen: {
    about: 'A session that was ended because it may have been stolen',
    isRequired: true,
    subject: 'A session was ended, as it may have been stolen',
    text: ({ address }: Client) => [
      `A session of your account was continued in two places, as happens when it is stolen. It was ended. The last one that used it came from the address ${address}.`,
    ],
  },
  password_changed: {
    about: 'A change of your password',
    isRequired: true,
    subject: 'Your password was changed',
    text: () => ['The password of your account was changed, and all other sessions were ended.'],
  },
});

type Declared = typeof notices;

declare module '../users/notices/account-notices.service.js' {
  interface Notices extends Declared {}
}
