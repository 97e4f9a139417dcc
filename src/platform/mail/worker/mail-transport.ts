import type { DueMail } from './due-mails.js';

/** Why a mail was not sent, in words that tell neither to whom it was nor what was in it. */
export class MailRefused extends Error {
  /**
   * @param isOfMail whether it is about this mail, and others may be sent
   * @param isForGood whether the same would come of another attempt
   */
  constructor(
    reason: string,
    readonly isOfMail: boolean,
    readonly isForGood: boolean,
  ) {
    super(reason);
  }
}

/** Where mails go. */
export interface MailTransport {
  /** Hands a mail over. Throws `MailRefused`. */
  send(mail: DueMail, signal: AbortSignal): Promise<void>;
  close(): void;
}
