import { Injectable } from '@nestjs/common';
import { Sql } from '../../database/sql.js';
import { MailConfig } from '../mail.config.js';

// What is found out by then is written down before somebody else begins.
const SLACK_SECONDS = 5;

/** A mail that is this worker's until its next attempt. */
export interface DueMail {
  id: number;
  message_id: string;
  template: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  /** With the one that begins now; what its worker knows it by. */
  attempt_count: number;
  created_at: Date;
}

// Whoever takes one has begun its next attempt: if that comes to nothing, as the worker dies, the one after it comes when
// the time of this one is over.
const CLAIM = `
  UPDATE mail SET attempt_count = attempt_count + 1, updated_at = now(),
    next_attempt_at = clock_timestamp() + make_interval(secs => $2)
  WHERE id IN (
    SELECT id FROM mail WHERE next_attempt_at <= now() ORDER BY next_attempt_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
  )
  RETURNING id, message_id, template, recipient, subject, text, html, attempt_count, created_at`;
const DELAY = `UPDATE mail SET next_attempt_at = now() + make_interval(secs => $3) WHERE id = $1 AND attempt_count = $2`;

/** The mails that wait in the database. */
@Injectable()
export class DueMails {
  constructor(
    private readonly sql: Sql,
    private readonly config: MailConfig,
  ) {}

  async claim(most: number): Promise<DueMail[]> {
    const values = [most, this.config.MAIL_TIMEOUT_SECONDS + SLACK_SECONDS];
    return (await this.sql.query<DueMail>({ name: 'mail_claim', text: CLAIM, values })).rows;
  }

  async delay({ id, attempt_count }: DueMail, seconds: number): Promise<void> {
    await this.sql.query({ name: 'mail_delay', text: DELAY, values: [id, attempt_count, seconds] });
  }

  /** Whoever has it, it is over. */
  async forget({ id }: DueMail): Promise<void> {
    await this.sql.query({ name: 'mail_forget', text: 'DELETE FROM mail WHERE id = $1', values: [id] });
  }
}
