import { Injectable } from '@nestjs/common';
import type { Holder } from './tokens.service.js';

const MAX_TOKENS = 10_000;
const SECOND = 1000;

interface Verified {
  holder: Holder;
  /** Milliseconds since 1970. */
  until: number;
}

/**
 * Access tokens whose signature and claims were found good, until they expire: as long as the keys are the same, looking
 * again would find the same. At most 10,000, the oldest go first.
 */
@Injectable()
export class VerifiedTokens {
  private readonly known = new Map<string, Verified>();

  get(token: string): Holder | undefined {
    const verified = this.known.get(token);
    return verified && verified.until > Date.now() ? verified.holder : undefined;
  }

  /** @param exp when the token expires, in seconds since 1970 */
  add(token: string, holder: Holder, exp: number): void {
    this.known.delete(token);
    if (this.known.size >= MAX_TOKENS) this.known.delete(this.known.keys().next().value!);
    this.known.set(token, { holder, until: exp * SECOND });
  }
}
