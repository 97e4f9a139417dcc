/** Codes of authenticator apps (RFC 6238), with what all apps can do: SHA-1, six digits, thirty seconds. */
import { Secret, TOTP } from 'otpauth';

const STEP_MILLISECONDS = 30_000;
// NIST 800-63B-4, 3.1.4.1: clocks differ, people are slow.
const WINDOW = 1;
const SECRET_BYTES = 20;

export const newSecret = () => new Secret({ size: SECRET_BYTES }).base32;

/** What an app reads, as a QR code or by a link. */
export function uriOf(secret: string, issuer: string, label: string): string {
  return new TOTP({ secret: Secret.fromBase32(secret), issuer, label }).toString();
}

/** The step that a code is of; undefined if it is of none that counts now. */
export function stepOf(code: string, secret: string): number | undefined {
  const timestamp = Date.now();
  const delta = TOTP.validate({ token: code, secret: Secret.fromBase32(secret), window: WINDOW, timestamp });
  return delta === null ? undefined : Math.floor(timestamp / STEP_MILLISECONDS) + delta;
}
