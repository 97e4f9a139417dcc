/** The mails that an API has queued. Without a worker they stay in the database, where suites read them at once. */
import type { Api } from './api.js';

export interface QueuedMail {
  message_id: string;
  template: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  /** The addresses in its text, in their order. */
  links: string[];
}

const SELECT = 'SELECT message_id, template, recipient, subject, text, html FROM mail WHERE recipient = $1 ORDER BY id';

/** Those to one address, oldest first. */
export async function mailsTo({ database }: Pick<Api, 'database'>, address: string): Promise<QueuedMail[]> {
  const rows = await database.query<Omit<QueuedMail, 'links'>>(SELECT, [address]);
  return rows.map((row) => ({ ...row, links: row.text.match(/https?:\/\/\S+/g) ?? [] }));
}

/** The last one to an address, of that template if one is given. Fails if there is none. */
export async function mailTo(api: Pick<Api, 'database'>, address: string, template?: string): Promise<QueuedMail> {
  const mails = (await mailsTo(api, address)).filter((mail) => template === undefined || mail.template === template);
  if (mails.length === 0) throw new Error(`No mail ${template ?? ''} to ${address}`);
  return mails.at(-1)!;
}
