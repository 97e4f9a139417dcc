import { Injectable } from '@nestjs/common';
import type { KeyHolder, Holder } from './tokens.service.js';

const MAX_TOKENS = 10_000;

export interface Verified {
  holder: Holder | KeyHolder;
  /** Milliseconds since 1970, or infinity. */
  until: number;
}

/**
 * Access tokens whose signature and claims were found good, and digests of access keys that were, until they expire: as
 * long as the keys are the same, looking again would find the same. At most 10,000, the oldest go first.
 */
@Injectable()
export class TokenCache {
  private readonly known = new Map<string, Verified>();

  get(token: string): Verified | undefined {
    const verified = this.known.get(token);
    return verified && verified.until > Date.now() ? verified : undefined;
  }

  /** @param until when the token expires, in milliseconds since 1970 */
  add(token: string, holder: Verified['holder'], until: number): void {
    this.known.delete(token);
    if (this.known.size >= MAX_TOKENS) this.known.delete(this.known.keys().next().value!);
    this.known.set(token, { holder, until });
  }

  delete(token: string): void {
    this.known.delete(token);
  }
}
