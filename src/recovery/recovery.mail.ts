/** The mails of recovery. They have the user name and nothing else that somebody could have typed for others to read. */
import type { MailTemplate } from '../platform/mail/mail-template.js';

interface LinkData {
  username: string;
  url: string;
}

export const verifyEmail: MailTemplate<LinkData> = {
  name: 'verify_email',
  content: ({ username, url }) => ({
    subject: 'Verify your e-mail address',
    body: [
      `The account ${username} has this e-mail address. Verify that it is yours:`,
      { label: 'Verify the address', url },
      'The link is good for 24 hours, and asks you to sign in.',
      'If this is not your account, do not open the link.',
    ],
  }),
};

export const confirmChange: MailTemplate<LinkData> = {
  name: 'confirm_email_change',
  content: ({ username, url }) => ({
    subject: 'Confirm your new e-mail address',
    body: [
      `The account ${username} is to have this e-mail address. Confirm that it is yours:`,
      { label: 'Confirm the address', url },
      'The link is good for an hour, and asks you to sign in.',
      'If this is not your account, do not open the link.',
    ],
  }),
};

/** To an address that another account has verified: only its owner learns that. */
export const addressInUse: MailTemplate<null> = {
  name: 'email_in_use',
  content: () => ({
    subject: 'Your e-mail address was entered for another account',
    body: [
      'Somebody wants to use this e-mail address for another account. It belongs to yours, so nothing was changed.',
      'If it was you, sign in to the account that has the address, and change it there first.',
    ],
  }),
};

export const emailChanged: MailTemplate<LinkData> = {
  name: 'email_changed',
  content: ({ username, url }) => ({
    subject: 'Your e-mail address was changed',
    body: [
      `The account ${username} no longer has this e-mail address. If you changed it, there is nothing to do.`,
      'If it was not you, take the account back: it gets this address again and a new password, and everybody is signed out.',
      { label: 'Take the account back', url },
      'The link is good for a week.',
    ],
  }),
};

export const resetPassword: MailTemplate<LinkData> = {
  name: 'reset_password',
  content: ({ username, url }) => ({
    subject: 'Choose a new password',
    body: [
      `Somebody asked for a new password for the account ${username}. If it was you, choose one:`,
      { label: 'Choose a new password', url },
      'The link is good for 30 minutes. Everybody who is signed in to the account is signed out then.',
      'If it was not you, there is nothing to do: the password stays as it is.',
    ],
  }),
};
