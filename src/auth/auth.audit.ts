/** What signing in adds to the audit trail. */
import type { AuditFacts as Facts } from '../platform/runtime/log/audit.js';

declare module '../platform/runtime/log/audit.js' {
  interface AuditEvents {
    signed_in: Facts;
    sign_in_failed: Facts;
    locked_out: Facts;
    signed_out: Facts;
    signed_out_everywhere: Facts;
    proved: Facts;
    proof_failed: Facts;
    session_ended: Facts;
    refresh_token_reused: Facts;
    password_changed: Facts;
    password_change_failed: Facts;
  }
}
