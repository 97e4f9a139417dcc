/** What owners of accounts are told of links to other sites. */
import { defineNotices } from '../users/notices/account-notices.service.js';

const notices = defineNotices({
  social_link_added: {
    about: 'Your account was linked to one of another site',
    isRequired: true,
    subject: 'Your account was linked to another site',
    text: ({ provider }: { provider: string }) => [
      `An account at ${provider} can now sign in to yours.`,
      'If this was not you, remove the link, change your password and end all sessions.',
    ],
  },
  social_link_removed: {
    about: 'A link from your account to another site was removed',
    isRequired: true,
    subject: 'A link to another site was removed',
    text: ({ provider }: { provider: string }) => [`Your account at ${provider} no longer signs in to yours here.`],
  },
});

type Declared = typeof notices;

declare module '../users/notices/account-notices.service.js' {
  interface Notices extends Declared {}
}
