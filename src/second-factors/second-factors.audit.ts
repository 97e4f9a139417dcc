/** What second factors add to the audit trail. */
import type { AuditFacts as Facts } from '../platform/runtime/log/audit.js';

declare module '../platform/runtime/log/audit.js' {
  interface AuditEvents {
    second_factor_added: Facts;
    second_factor_removed: Facts;
    second_factor_failed: Facts;
    second_factors_reset: Facts;
    recovery_code_used: Facts;
    recovery_codes_renewed: Facts;
  }
}
