import type { Logger } from 'pino';

export type AuditEvent =
  | 'signed_in'
  | 'sign_in_failed'
  | 'locked_out'
  | 'signed_out'
  | 'signed_out_everywhere'
  | 'session_ended'
  | 'refresh_token_reused'
  | 'password_changed'
  | 'password_change_failed'
  | 'registered'
  | 'account_changed'
  | 'email_change_failed'
  | 'account_deleted'
  | 'account_deletion_failed'
  | 'account_purged'
  | 'access_denied'
  | 'admin_act';

/** Who did it, from where, in which request; never what was typed. */
export interface AuditFacts {
  user_id?: number;
  session_id?: number;
  address?: string;
  request_id?: string;
  [more: string]: unknown;
}

let trail: Logger | undefined;

/** Puts the audit trail into a log, whatever the level of its other lines; see `AUDIT_LOG`. */
export function keepAuditTrail(log: Logger): void {
  trail = log.child({}, { level: 'info' });
}

/** Records a security event: a line of the log with the event in `audit` (OWASP ASVS 5.0, 16.2 and 16.3). */
export function audit(event: AuditEvent, facts: AuditFacts): void {
  trail?.info({ audit: event, ...facts }, 'audit');
}
