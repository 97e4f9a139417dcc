import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Caller, holds } from '../../platform/http/access/caller.js';
import { isPermission } from '../../platform/http/access/permissions.js';
import { addressOf } from '../../platform/http/requests/client-address.js';
import { UnguardedLimit } from '../../platform/limits/rates/unguarded-limit.js';
import { TokenCache, type Verified } from '../tokens/token-cache.js';

/** What an access key that is good now leaves of its owner's rights: all of them, or those permissions that the owner holds. */
export interface Grant {
  permissions: readonly string[] | null;
}

type Rights = Pick<Caller, 'is_superuser' | 'permissions'>;

/** What knows access keys of one kind, which are texts such as keys of an API. */
export interface AccessKeyKind {
  /** As in `Caller.access_key`. */
  readonly kind: string;
  /** In lower case: where it may be sent, if not as a bearer token. */
  readonly header: string;
  /** Whether a text is of this kind, by its form alone. */
  recognises(text: string): boolean;
  /** Whom a text that it recognises lets in; null if nobody. What is wrong with it makes no difference. */
  find(text: string): Promise<Verified | null>;
  /** What it is good for now; null when it has been revoked or has expired. */
  grantOf(id: number): Promise<Grant | null>;
  /** Is told of each request that one of them has let in. */
  used(id: number): void;
}

/** A text that a request shows, and what knows it. */
export interface Shown {
  kind: AccessKeyKind;
  text: string;
}

/** What lets callers in besides access tokens. Other domains add their kinds. */
@Injectable()
export class AccessKeys {
  private readonly kinds: AccessKeyKind[] = [];

  constructor(
    private readonly verified: TokenCache,
    private readonly limit: UnguardedLimit,
  ) {}

  subscribe(kind: AccessKeyKind): void {
    this.kinds.push(kind);
  }

  /**
   * The access key of a request, undefined if it shows none. Null if it shows one in a header of its own that is
   * unreadable, or beside `Authorization`: a proxy before us may have looked at the other.
   */
  shownBy({ headers }: FastifyRequest, token: string | null): Shown | null | undefined {
    const other = this.kinds.find(({ header }) => headers[header] !== undefined);
    if (other) {
      const text = headers.authorization === undefined ? headers[other.header] : undefined;
      return typeof text === 'string' && other.recognises(text) ? { kind: other, text } : null;
    }
    const kind = token === null ? undefined : this.kinds.find((one) => one.recognises(token));
    return kind && { kind, text: token! };
  }

  /**
   * Whom it lets in, if anybody: each is looked up once. Throws `TooManyRequests` where too many from one address were
   * not known here.
   */
  async verify({ kind, text }: Shown, request: FastifyRequest): Promise<Verified | null> {
    const digest = digestOf(text);
    const known = this.verified.get(digest);
    if (known) return known;
    this.limit.countLookUp(kind.kind, addressOf(request));
    const found = await kind.find(text);
    if (found) this.verified.add(digest, found.holder, found.until);
    return found;
  }

  /** Looks it up again the next time: it lets nobody in any more. */
  forget({ text }: Shown): void {
    this.verified.delete(digestOf(text));
  }

  /** What an access key is good for now; null when it has ended. */
  grantOf({ kind, id }: { kind: string; id: number }): Promise<Grant | null> {
    return this.kinds.find((one) => one.kind === kind)!.grantOf(id);
  }
}

/** What is left of the owner's rights as they are now. */
export function narrowed(owner: Rights, { permissions }: Grant): Rights {
  if (permissions === null) return owner;
  const left = permissions.filter(isPermission).filter((name) => holds(owner, name));
  return { is_superuser: false, permissions: new Set(left) };
}

/** The texts themselves are not kept. */
function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}
