/** What recovery adds to the audit trail. */
import type { AuditFacts as Facts } from '../platform/runtime/log/audit.js';

declare module '../platform/runtime/log/audit.js' {
  interface AuditEvents {
    email_verified: Facts;
    email_change_requested: Facts;
    email_change_confirmed: Facts;
    email_reverted: Facts;
    password_reset_requested: Facts;
    password_reset: Facts;
  }
}
