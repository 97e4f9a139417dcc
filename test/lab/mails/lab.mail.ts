import type { MailTemplate } from '../../../src/platform/mail/mail-template.js';

/** Says whatever it is given, in each place that a text may have. */
export const LabMail: MailTemplate<{ subject: string; text: string; url: string }> = {
  name: 'lab_mail',
  content: ({ subject, text, url }) => ({ subject, body: [text, { label: text, url }] }),
};
