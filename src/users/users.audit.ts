/** What accounts add to the audit trail. */
import type { AuditFacts as Facts } from '../platform/runtime/log/audit.js';

declare module '../platform/runtime/log/audit.js' {
  interface AuditEvents {
    registered: Facts;
    account_changed: Facts;
    email_change_failed: Facts;
    email_lost: Facts;
    account_deleted: Facts;
    account_deletion_failed: Facts;
    account_purged: Facts;
  }
}
