import type { Logger } from 'pino';

/** The events, by name. Each domain adds its own to this interface, in its `<domain>.audit.ts`. */
export interface AuditEvents {
  access_denied: AuditFacts;
  admin_act: AuditFacts;
}

export type AuditEvent = keyof AuditEvents;

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
