/** A link of its own, which mail programs show as a button. */
export interface MailLink {
  label: string;
  /** http or https. */
  url: string;
}

/** What a mail says, without any markup: its layout makes text and HTML of it. */
export interface MailContent {
  subject: string;
  /** Paragraphs and links, in their order. */
  body: (string | MailLink)[];
}

/** A kind of mail, declared in a `*.mail.ts` of the domain that sends it. */
export interface MailTemplate<D> {
  /** What logs and metrics call it. */
  name: string;
  content(data: D): MailContent;
}
