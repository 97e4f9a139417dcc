/** What roles add to the audit trail: what is in a role, and who has it. */
import type { AuditFacts as Facts } from '../platform/runtime/log/audit.js';

declare module '../platform/runtime/log/audit.js' {
  interface AuditEvents {
    role_changed: Facts;
    roles_assigned: Facts;
  }
}
