/** What API keys add to the audit trail. */
import type { AuditFacts as Facts } from '../platform/runtime/log/audit.js';

declare module '../platform/runtime/log/audit.js' {
  interface AuditEvents {
    api_key_created: Facts;
    api_key_revoked: Facts;
  }
}
