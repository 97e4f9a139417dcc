import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../auth.config.js';

const HEADER_FIELDS = new Set(['alg', 'typ', 'kid']);

/** The keys that tokens may have been signed with. */
@Injectable()
export class TokenKeys {
  private readonly keys: ReadonlyMap<string, KeyObject>;

  constructor(config: AuthConfig) {
    this.keys = config.verifyingKeys;
  }

  /** The key that the header of a token names. Throws when it names none of ours, or says more than ours do. */
  of(token: string): KeyObject {
    const [head = ''] = token.split('.', 1);
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
    const key = Object.keys(header).every((field) => HEADER_FIELDS.has(field)) && this.keys.get(header.kid as string);
    if (!key) throw new Error('The token names no key of ours');
    return key;
  }
}
