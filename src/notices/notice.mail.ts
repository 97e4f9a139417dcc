import type { MailTemplate } from '../platform/mail/mail-template.js';

/** A notice as its owner reads it. It has no link but to the front end, and asks for nothing. */
export const NoticeMail: MailTemplate<{
  username: string;
  subject: string;
  paragraphs: string[];
  home: string;
  canBeTurnedOff: boolean;
}> = {
  name: 'notice',
  content: ({ username, subject, paragraphs, home, canBeTurnedOff }) => ({
    subject,
    body: [
      `Hello ${username},`,
      ...paragraphs,
      `If this was not you, sign in at ${home}, change your password, and end all other sessions.`,
      ...(canBeTurnedOff ? ['You can turn off notices like this one in the settings of your account.'] : []),
    ],
  }),
};
