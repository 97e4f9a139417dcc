import { ValidationFailed } from '../../platform/http/problems/http.errors.js';
import type { ShownFactor } from '../second-factors.dto.js';

/** Throws `ValidationFailed` unless exactly one is shown. */
export function requireOne({ code, recovery_code, passkey }: ShownFactor): void {
  const shown = [code, recovery_code, passkey].filter((one) => one !== undefined);
  if (shown.length === 1) return;
  throw new ValidationFailed([{ field: 'code', message: 'one of code, recovery_code and passkey is needed' }]);
}
