/** What sign-in by other sites adds to the audit trail. */
import type { AuditFacts as Facts } from '../platform/runtime/log/audit.js';

declare module '../platform/runtime/log/audit.js' {
  interface AuditEvents {
    social_sign_in_failed: Facts;
    social_link_added: Facts;
    social_link_removed: Facts;
  }
}
