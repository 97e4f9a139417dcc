/** What comments add to the audit trail: superusers who act for the author of a post. */
import type { AuditFacts as Facts } from '../platform/runtime/log/audit.js';

declare module '../platform/runtime/log/audit.js' {
  interface AuditEvents {
    comment_hidden: Facts;
    comment_unhidden: Facts;
  }
}
